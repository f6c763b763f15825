// Measures how often a key is asked for.

#ifndef IMAGESERVER_GROUPCACHE_RATE_H_
#define IMAGESERVER_GROUPCACHE_RATE_H_

#include "base/clock.h"

namespace imageserver {

// A count that halves every minute. groupcache's protocol calls its rate minute_qps.
// Threads: one at a time.
class Rate {
 public:
  // Counts one event. REQUIRES: `now` goes back by no more than the clocks of two threads differ.
  void count(Clock::time_point now);

  // Events a second, over the last minute or so. n events at one moment, with none before, give
  // n / 86.6 a second, so that only a large burst looks like a high rate.
  [[nodiscard]] double per_second(Clock::time_point now) const;

 private:
  [[nodiscard]] double decayed(Clock::time_point now) const;

  double count_ = 0;
  Clock::time_point since_;  // when count_ was last brought up to date
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_RATE_H_
