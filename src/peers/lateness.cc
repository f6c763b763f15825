#include "peers/lateness.h"

namespace imageserver {

bool Lateness::arrived(const Arrival& arrival, Clock::time_point now) {
  bytes_ += arrival.bytes;
  if (!arrival.interim && bytes_ < kLeastBytes) return false;
  bytes_ = 0;
  late_periods_ = 0;
  end_ = now + kPeriod;
  return true;
}

Lateness::Finding Lateness::period_ended(Clock::time_point now) {
  const bool is_own_delay = now - end_ > kOwnDelay;
  end_ = now + kPeriod;
  if (is_own_delay) return Finding::kInTime;
  return ++late_periods_ >= kMostPeriods ? Finding::kGiveUp : Finding::kLate;
}

}  // namespace imageserver
