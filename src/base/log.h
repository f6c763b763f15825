// The log: one line an event, on standard error. Libraries' error texts, paths and addresses go
// here and never to a client.

#ifndef IMAGESERVER_BASE_LOG_H_
#define IMAGESERVER_BASE_LOG_H_

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/log_queue.h"
#include "base/log_writer.h"

namespace imageserver {

namespace log = spdlog;

// While one lives, what is logged goes to a descriptor, which it does not own, and nobody who logs
// waits for it: a thread writes, behind a bounded queue (log_writer.h). What finds no place, or
// cannot be written, is dropped, and later a line of the log says how many lines were. Before and
// after, spdlog's default logger is the program's own.
//
// Threads: made and destroyed while no other thread logs.
class LogOutput {
 public:
  // `level` is one of trace, debug, info, warning, error, critical, off.
  explicit LogOutput(std::string_view level, int fd = STDERR_FILENO);

  // Writes what waits, for LogWriter::kLastWords at most.
  ~LogOutput();

  LogOutput(const LogOutput&) = delete;
  LogOutput& operator=(const LogOutput&) = delete;

 private:
  const std::shared_ptr<log::logger> before_;
  const std::shared_ptr<LogQueue> queue_;
  const LogWriter writer_;
};

// Lines of the log dropped so far; 0 where no LogOutput is in place. Threads: any, while none is
// made or destroyed.
[[nodiscard]] std::uint64_t dropped_log_lines();

// Writes to standard error without the log: for why a program ends. Gives up after
// LogWriter::kLastWords.
void say_on_stderr(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_LOG_H_
