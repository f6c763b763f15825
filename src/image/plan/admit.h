// How work asks whether it may begin.

#ifndef IMAGESERVER_IMAGE_PLAN_ADMIT_H_
#define IMAGESERVER_IMAGE_PLAN_ADMIT_H_

#include <cstdint>
#include <functional>

namespace imageserver {

// Called with the amount of the work that is about to begin, before it does, and again if more is
// found to be left; the amount is in pixels (image/work.h). False: the work ends at once, and what
// it returns does not count. Empty: everything may begin.
using Admit = std::function<bool(std::int64_t work)>;

// Threads: that of the work.
[[nodiscard]] inline bool may_begin(const Admit& admit, std::int64_t work) {
  return !admit || admit(work);
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_ADMIT_H_
