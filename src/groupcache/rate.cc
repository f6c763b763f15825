#include "groupcache/rate.h"

#include <chrono>
#include <cmath>
#include <numbers>

namespace imageserver {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kHalfLife{60.0};

// The count decays in steps of at least this long, as an exponential for each event would cost
// more.
constexpr std::chrono::seconds kStep{1};

}  // namespace

void Rate::count(Clock::time_point now) {
  if (now - since_ >= kStep) {
    count_ = decayed(now);
    since_ = now;
  }
  ++count_;
}

// A steady stream of r a second keeps the count at r * half-life / ln 2.
double Rate::per_second(Clock::time_point now) const {
  return decayed(now) * std::numbers::ln2 / kHalfLife.count();
}

double Rate::decayed(Clock::time_point now) const {
  if (count_ == 0 || now <= since_) return count_;
  return count_ * std::exp2(-(Seconds(now - since_) / kHalfLife));
}

}  // namespace imageserver
