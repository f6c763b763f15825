// What making a picture costs.

#ifndef IMAGESERVER_BENCH_TRANSFORM_COST_MEASURE_H_
#define IMAGESERVER_BENCH_TRANSFORM_COST_MEASURE_H_

#include "transform_cost/contender.h"

namespace imageserver::bench {

// Of one picture, in milliseconds of user and system time of all threads.
struct Costs {
  double ours = 0;
  double theirs = 0;
  double ratio = 0;  // the median of the ratios of the rounds
};

// The two take turns, so that a machine that is busy with something else disturbs both alike.
// `theirs` may be empty.
[[nodiscard]] Costs compare(const Contender& ours, const Contender& theirs, int rounds);

// MiB that one picture adds to what the process holds in memory at its worst moment. Means
// something only once a process.
[[nodiscard]] double peak_above_idle(const Contender& contender);

}  // namespace imageserver::bench

#endif  // IMAGESERVER_BENCH_TRANSFORM_COST_MEASURE_H_
