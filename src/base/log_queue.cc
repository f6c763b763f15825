#include "base/log_queue.h"

#include <utility>

namespace imageserver {
namespace {

LogLines with_room(std::size_t lines, std::size_t bytes) {
  LogLines empty;
  empty.text.reserve(bytes);
  empty.sizes.reserve(lines);
  return empty;
}

// Keeps the memory.
void clear(LogLines& lines) {
  lines.text.clear();
  lines.sizes.clear();
  lines.dropped = 0;
}

}  // namespace

LogQueue::LogQueue(std::size_t most_lines, std::size_t most_bytes)
    : most_lines_(most_lines),
      most_bytes_(most_bytes),
      taken_(with_room(most_lines, most_bytes)),
      waiting_(with_room(most_lines, most_bytes)) {}

void LogQueue::add(std::string_view line) {
  bool was_empty = false;
  {
    const MutexLock lock(mutex_);
    was_empty = waiting_.empty();
    const bool fits = !give_up_ && waiting_.sizes.size() < most_lines_ &&
                      line.size() <= most_bytes_ - waiting_.text.size();
    if (fits) {
      waiting_.text += line;
      waiting_.sizes.push_back(line.size());
    } else {
      count_dropped(1);
    }
  }
  if (was_empty) changed_.notify_all();
}

void LogQueue::drop(std::uint64_t lines) {
  if (lines == 0) return;
  {
    const MutexLock lock(mutex_);
    count_dropped(lines);
  }
  changed_.notify_all();
}

// Once the queue is closed nobody waits for more to say, or the writer would never come to an end.
void LogQueue::count_dropped(std::uint64_t lines) {
  dropped_ += lines;
  if (!give_up_) waiting_.dropped += lines;
}

std::uint64_t LogQueue::dropped() const {
  const MutexLock lock(mutex_);
  return dropped_;
}

const LogLines* LogQueue::take(bool wait) {
  clear(taken_);
  const MutexLock lock(mutex_);
  while (wait && !give_up_ && waiting_.empty()) changed_.wait(mutex_);
  if (give_up_ && waiting_.empty()) return nullptr;
  std::swap(taken_, waiting_);
  return &taken_;
}

void LogQueue::close(Deadline give_up) {
  {
    const MutexLock lock(mutex_);
    give_up_ = give_up;
  }
  changed_.notify_all();
}

bool LogQueue::is_over() const {
  const MutexLock lock(mutex_);
  return give_up_ && Clock::now() >= *give_up_;
}

void LogQueue::pause(milliseconds time) {
  const Deadline end = Clock::now() + time;
  const MutexLock lock(mutex_);
  while (!give_up_ && Clock::now() < end) changed_.wait_until(mutex_, end);
}

}  // namespace imageserver
