// How work asks whether it may begin.

#ifndef IMAGESERVER_IMAGE_PLAN_ADMIT_H_
#define IMAGESERVER_IMAGE_PLAN_ADMIT_H_

#include <cstdint>
#include <functional>

namespace imageserver {

// What work takes, as far as it can be told before it begins.
struct Demand {
  std::int64_t work = 0;    // in pixels (image/work.h)
  std::int64_t memory = 0;  // in bytes, the most at a time (image/memory.h)

  friend bool operator==(const Demand&, const Demand&) = default;
};

// Called with what the work takes that is about to begin, before it does, and again if more is
// found to be left. False: the work ends at once, and what it returns does not count. Empty:
// everything may begin.
using Admit = std::function<bool(const Demand& demand)>;

// Threads: that of the work.
[[nodiscard]] inline bool may_begin(const Admit& admit, const Demand& demand) {
  return !admit || admit(demand);
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_ADMIT_H_
