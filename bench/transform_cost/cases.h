// What is measured against what.

#ifndef IMAGESERVER_BENCH_TRANSFORM_COST_CASES_H_
#define IMAGESERVER_BENCH_TRANSFORM_COST_CASES_H_

#include <span>
#include <string_view>

#include "transform_cost/by_libvips.h"

namespace imageserver::bench {

struct Case {
  std::string_view name;
  std::string_view target;  // what the server is asked for

  // What it is measured against: libvips, or what the server makes of another target; neither:
  // nothing.
  ByLibvips by_libvips = nullptr;
  std::string_view other_target = {};
};

[[nodiscard]] std::span<const Case> cases();

}  // namespace imageserver::bench

#endif  // IMAGESERVER_BENCH_TRANSFORM_COST_CASES_H_
