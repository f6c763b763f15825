// Time for deadlines: monotonic, so that a corrected wall clock neither stretches nor cuts one.

#ifndef IMAGESERVER_BASE_CLOCK_H_
#define IMAGESERVER_BASE_CLOCK_H_

#include <chrono>

namespace imageserver {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;
using std::chrono::milliseconds;

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_CLOCK_H_
