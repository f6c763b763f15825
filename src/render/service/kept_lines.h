// The log of a renderer: lines that are kept until they go to the server with the job's answer.

#ifndef IMAGESERVER_RENDER_SERVICE_KEPT_LINES_H_
#define IMAGESERVER_RENDER_SERVICE_KEPT_LINES_H_

#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "render/wire/messages.h"

namespace imageserver {

// Threads: any.
class KeptLines final : public log::sinks::base_sink<std::mutex> {
 public:
  // The lines since the last call. There are few, and none is long: more are dropped.
  [[nodiscard]] std::vector<RenderLogLine> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  static constexpr std::size_t kMostLines = 8;
  static constexpr std::size_t kLongestLine = 500;

  void sink_it_(const log::details::log_msg& line) override {
    if (lines_.size() == kMostLines) return;
    const std::string_view text(line.payload.data(), line.payload.size());
    lines_.push_back({line.level >= log::level::warn, std::string(text.substr(0, kLongestLine))});
  }

  void flush_() override {}

  std::vector<RenderLogLine> lines_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_KEPT_LINES_H_
