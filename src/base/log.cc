#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/ready_write.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostLines = 8192;
constexpr std::size_t kMostBytes = 1 << 20;

constexpr const char* kName = "imageserver";
constexpr const char* kPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";

class QueueSink final : public log::sinks::base_sink<std::mutex> {
 public:
  explicit QueueSink(std::shared_ptr<LogQueue> queue) : queue_(std::move(queue)) {}

  [[nodiscard]] std::uint64_t dropped() const { return queue_->dropped(); }

 private:
  void sink_it_(const log::details::log_msg& message) override {
    log::memory_buf_t line;
    formatter_->format(message, line);
    queue_->add({line.data(), line.size()});
  }

  void flush_() override {}

  const std::shared_ptr<LogQueue> queue_;
};

// A line like all others, whatever the level that is logged.
LogWriter::Gap gap_line() {
  const auto formatter = std::make_shared<log::pattern_formatter>(kPattern);
  return [formatter](std::uint64_t lines) {
    const std::string text = fmt::format("{} log lines were dropped", lines);
    log::memory_buf_t line;
    formatter->format(log::details::log_msg(kName, log::level::warn, text), line);
    return std::string(line.data(), line.size());
  };
}

std::shared_ptr<log::logger> make_logger(std::string_view level,
                                         const std::shared_ptr<LogQueue>& queue) {
  auto logger = std::make_shared<log::logger>(kName, std::make_shared<QueueSink>(queue));
  logger->set_pattern(kPattern);
  logger->set_level(log::level::from_str(std::string(level)));
  // spdlog itself would write to standard error, and wait for it.
  logger->set_error_handler([queue](const std::string&) { queue->drop(1); });
  return logger;
}

}  // namespace

LogOutput::LogOutput(std::string_view level, int fd)
    : before_(log::default_logger()),
      queue_(std::make_shared<LogQueue>(kMostLines, kMostBytes)),
      writer_(queue_, fd, gap_line()) {
  log::set_default_logger(make_logger(level, queue_));
}

LogOutput::~LogOutput() { log::set_default_logger(before_); }

std::uint64_t dropped_log_lines() {
  std::uint64_t dropped = 0;
  const std::shared_ptr<log::logger> logger = log::default_logger();
  if (!logger) return dropped;
  for (const auto& sink : logger->sinks()) {
    if (const auto* ours = dynamic_cast<const QueueSink*>(sink.get())) dropped += ours->dropped();
  }
  return dropped;
}

void say_on_stderr(std::string_view text) {
  const Deadline end = Clock::now() + LogWriter::kLastWords;
  while (!text.empty() && Clock::now() < end) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    const ssize_t n = write_when_ready(STDERR_FILENO, text, left);
    if (n < 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace imageserver
