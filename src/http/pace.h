// How fast a client takes what is being written to it.

#ifndef IMAGESERVER_HTTP_PACE_H_
#define IMAGESERVER_HTTP_PACE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace imageserver {

// Looks at the bytes that a client has taken kLooks times in a window, and compares each look with
// the one a window earlier. So who stops taking is found after a window and one look at most.
// Threads: one at a time.
class Pace {
 public:
  static constexpr std::size_t kLooks = 3;

  // The time from one look to the next.
  [[nodiscard]] static constexpr milliseconds between_looks(milliseconds window) {
    return window / static_cast<milliseconds::rep>(kLooks);
  }

  // REQUIRES: between_looks(window) > 0.
  explicit Pace(milliseconds window) : step_(between_looks(window)) {}

  // Whether looks go on at `now`: none was left out since restart().
  [[nodiscard]] bool runs(Deadline now) const { return now < next_look_; }

  // The window begins at `now`. `taken` are the bytes that the client has taken so far.
  void restart(Deadline now, std::uint64_t taken);

  // When look() is due.
  [[nodiscard]] Deadline next_look() const { return next_look_; }

  // Notes what the client has taken. False if over the last window that was less than
  // `bytes_per_second`; true as long as there was no whole window. REQUIRES: restart() was called.
  [[nodiscard]] bool look(Deadline now, std::uint64_t taken, std::size_t bytes_per_second);

 private:
  struct Sample {
    Deadline when;
    std::uint64_t taken = 0;
  };

  const Clock::duration step_;
  std::array<Sample, kLooks> samples_{};  // a ring of the last ones
  std::size_t looks_ = 0;                 // since restart()
  Deadline next_look_ = Deadline::min();
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_PACE_H_
