// The time of day, for what other machines must understand.

#ifndef IMAGESERVER_SERVER_WALL_CLOCK_H_
#define IMAGESERVER_SERVER_WALL_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace imageserver {

[[nodiscard]] inline std::int64_t seconds_since_1970() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_WALL_CLOCK_H_
