#include "groupcache/hybrid_clock.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace imageserver {
namespace {

constexpr std::chrono::milliseconds kMostAhead = std::chrono::hours(24);

HybridTime next(HybridTime time) {
  if (time.count == std::numeric_limits<std::uint32_t>::max()) return {.millis = time.millis + 1};
  return {.millis = time.millis, .count = time.count + 1};
}

}  // namespace

HybridClock::HybridClock(Wall wall) : wall_(std::move(wall)) {}

HybridTime HybridClock::now() {
  const std::uint64_t millis = wall_millis();
  const MutexLock lock(mutex_);
  last_ = millis > last_.millis ? HybridTime{.millis = millis} : next(last_);
  return last_;
}

bool HybridClock::learn(HybridTime time) {
  const std::uint64_t latest = wall_millis() + static_cast<std::uint64_t>(kMostAhead.count());
  const MutexLock lock(mutex_);
  if (time <= last_) return true;
  if (time.millis > latest) return false;
  last_ = time;
  return true;
}

// 0 for a wall clock before 1970.
std::uint64_t HybridClock::wall_millis() const {
  using std::chrono::milliseconds;
  const auto since = std::chrono::duration_cast<milliseconds>(wall_().time_since_epoch());
  return static_cast<std::uint64_t>(std::max(since, milliseconds::zero()).count());
}

}  // namespace imageserver
