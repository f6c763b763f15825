// The lines of the log between those who log and the thread that writes.

#ifndef IMAGESERVER_BASE_LOG_QUEUE_H_
#define IMAGESERVER_BASE_LOG_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace imageserver {

// Lines in the order in which they were logged.
struct LogLines {
  std::string text;                // one line after the other, each with its \n
  std::vector<std::size_t> sizes;  // of each line, in bytes
  std::uint64_t dropped = 0;       // lines that came after these and found no place

  [[nodiscard]] bool empty() const { return sizes.empty() && dropped == 0; }
};

// Bounded in lines and in bytes. Who adds a line waits for nobody but others who add: what finds no
// place is dropped and counted.
//
// Threads: any; take() from the writer's only.
class LogQueue {
 public:
  // The bounds are for the lines that wait; the writer may hold as much again. No memory is taken
  // later than here.
  LogQueue(std::size_t most_lines, std::size_t most_bytes);

  // A whole line, with its \n.
  void add(std::string_view line);

  // Counts lines that were lost elsewhere. Until the queue is closed, the writer hears of them as
  // of those that found no place.
  void drop(std::uint64_t lines);

  // Lines dropped since the beginning.
  [[nodiscard]] std::uint64_t dropped() const;

  // All that there is, valid until the next call; with `wait` there is something, or the queue was
  // closed. None once it is closed and all was taken.
  [[nodiscard]] const LogLines* take(bool wait);

  // Takes no more lines. Who writes gives up at that time.
  void close(Deadline give_up);

  // Whether the time to give up has come.
  [[nodiscard]] bool is_over() const;

  // Waits so long, or until the queue is closed.
  void pause(milliseconds time);

 private:
  void count_dropped(std::uint64_t lines) IMAGESERVER_REQUIRES(mutex_);

  const std::size_t most_lines_;
  const std::size_t most_bytes_;
  LogLines taken_;  // used by the writer only
  mutable Mutex mutex_;
  ConditionVariable changed_;  // there is something to take, or the queue is closed
  LogLines waiting_ IMAGESERVER_GUARDED_BY(mutex_);
  std::uint64_t dropped_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  std::optional<Deadline> give_up_ IMAGESERVER_GUARDED_BY(mutex_);  // once it is closed
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_LOG_QUEUE_H_
