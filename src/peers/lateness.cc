#include "peers/lateness.h"

namespace imageserver {

void Lateness::arrived(const Arrival& arrival) {
  bytes_ += arrival.bytes;
  interim_ = interim_ || arrival.interim;
}

Lateness::Finding Lateness::period_ended(Clock::time_point now) {
  const bool is_own_delay = now - end_ > kOwnDelay;
  const bool in_time = interim_ || bytes_ >= kLeastBytes;
  end_ = now + kPeriod;
  bytes_ = 0;
  interim_ = false;
  if (in_time) late_periods_ = 0;
  if (in_time || is_own_delay) return Finding::kInTime;
  return ++late_periods_ >= kMostPeriods ? Finding::kGiveUp : Finding::kLate;
}

}  // namespace imageserver
