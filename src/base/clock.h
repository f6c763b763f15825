// Time for deadlines, and the time of day.

#ifndef IMAGESERVER_BASE_CLOCK_H_
#define IMAGESERVER_BASE_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace imageserver {

// Monotonic: a corrected wall clock neither stretches nor cuts a deadline.
using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;
using std::chrono::milliseconds;

// The time of day, for what other machines must understand.
[[nodiscard]] inline std::int64_t seconds_since_1970() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_CLOCK_H_
