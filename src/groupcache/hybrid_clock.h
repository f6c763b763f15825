// A clock whose times say what came after what on all nodes, also where wall clocks differ
// (Kulkarni et al., Logical Physical Clocks, 2014).

#ifndef IMAGESERVER_GROUPCACHE_HYBRID_CLOCK_H_
#define IMAGESERVER_GROUPCACHE_HYBRID_CLOCK_H_

#include <chrono>
#include <functional>

#include "base/mutex.h"
#include "groupcache/hybrid_time.h"

namespace imageserver {

// Threads: any, concurrently.
class HybridClock {
 public:
  using Wall = std::function<std::chrono::system_clock::time_point()>;

  // `wall` is called on any thread, concurrently.
  explicit HybridClock(Wall wall = std::chrono::system_clock::now);

  // Later than any that it gave or learned of, also when the wall clock is set back.
  [[nodiscard]] HybridTime now();

  // Somebody else's time. False, and nothing is learned: it is more than a day ahead of the wall
  // clock, and later than any that this clock gave or learned of.
  [[nodiscard]] bool learn(HybridTime time);

 private:
  [[nodiscard]] std::uint64_t wall_millis() const;

  const Wall wall_;
  Mutex mutex_;
  HybridTime last_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_HYBRID_CLOCK_H_
