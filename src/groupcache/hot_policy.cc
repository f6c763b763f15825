#include "groupcache/hot_policy.h"

#include <random>
#include <utility>

namespace imageserver {
namespace {

bool one_in_ten() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<int>(0, 9)(random) == 0;
}

}  // namespace

HotPolicy::HotPolicy(RingMode mode, std::function<bool()> dice)
    : mode_(mode), dice_(dice ? std::move(dice) : one_in_ten) {}

bool HotPolicy::keeps(std::optional<double> minute_qps) const {
  const bool owner_decides = mode_ == RingMode::kBalanced && minute_qps.has_value();
  return owner_decides ? *minute_qps >= kHotQps : dice_();
}

}  // namespace imageserver
