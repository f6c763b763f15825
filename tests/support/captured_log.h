// The log's lines, kept for a test to read.

#ifndef IMAGESERVER_TESTS_SUPPORT_CAPTURED_LOG_H_
#define IMAGESERVER_TESTS_SUPPORT_CAPTURED_LOG_H_

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace imageserver::testing {

// While it lives, the log goes here. Threads: one.
class CapturedLog {
 public:
  CapturedLog() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(text_);
    auto logger = std::make_shared<spdlog::logger>("captured", std::move(sink));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }

  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  // Those since the last call, each `level text`.
  std::vector<std::string> take() {
    std::istringstream lines(std::exchange(text_, {}).str());
    std::vector<std::string> taken;
    for (std::string line; std::getline(lines, line);) taken.push_back(line);
    return taken;
  }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_CAPTURED_LOG_H_
