// The thread that writes the log, so that nobody else waits for whoever reads it.

#ifndef IMAGESERVER_BASE_LOG_WRITER_H_
#define IMAGESERVER_BASE_LOG_WRITER_H_

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/log_queue.h"

namespace imageserver {

// Writes what comes into a queue to a descriptor, which it does not own. Where the descriptor is a
// pipe, a line of up to PIPE_BUF bytes goes in as a whole, whoever else writes there. What cannot
// be written (a full disk, a pipe without a reader, a descriptor that is closed) is dropped, and a
// second later it tries again. Once it can write, one line says how many were dropped; it stands
// where they are missing, or later.
//
// Threads: one, the owner's.
class LogWriter {
 public:
  // The line, with its \n, that says how many were dropped. Called on the writer's thread.
  using Gap = std::function<std::string(std::uint64_t lines)>;

  // For what still waits when the writer is to end.
  static constexpr milliseconds kLastWords{1000};

  LogWriter(std::shared_ptr<LogQueue> queue, int fd, Gap gap);

  // Closes the queue, and returns when all is written, after little more than kLastWords at the
  // latest. Where write(2) does not return, its thread is left behind, and ends when it does.
  ~LogWriter();

  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

 private:
  const std::shared_ptr<LogQueue> queue_;
  std::future<void> ended_;
  std::thread thread_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_LOG_WRITER_H_
