// How often something happens.

#ifndef IMAGESERVER_GROUPCACHE_RATE_H_
#define IMAGESERVER_GROUPCACHE_RATE_H_

#include "base/clock.h"

namespace imageserver {

// A count that loses half of itself every minute: what groupcache's protocol calls minute_qps.
// Threads: one at a time.
class Rate {
 public:
  // `now` never goes back by more than what clocks of two threads differ by.
  void count(Clock::time_point now);

  // Events a second, over the last minute or so. One who counted n events just now, and none
  // before, gets n / 86.6: a lone burst is not a rate until it is a large one.
  [[nodiscard]] double per_second(Clock::time_point now) const;

 private:
  [[nodiscard]] double decayed(Clock::time_point now) const;

  double count_ = 0;
  Clock::time_point since_;  // when count_ was last brought up to date
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_RATE_H_
