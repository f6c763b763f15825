#include "http/pace.h"

#include <chrono>

namespace imageserver {

void Pace::restart(Deadline now, std::uint64_t taken) {
  samples_[0] = {now, taken};
  looks_ = 0;
  next_look_ = now + step_;
}

bool Pace::look(Deadline now, std::uint64_t taken, std::size_t bytes_per_second) {
  ++looks_;
  next_look_ = now + step_;
  Sample& oldest = samples_[looks_ % kLooks];
  const Sample before = oldest;
  oldest = {now, taken};
  if (looks_ < kLooks) return true;
  const std::chrono::duration<double> time = now - before.when;
  return static_cast<double>(taken - before.taken) >=
         static_cast<double>(bytes_per_second) * time.count();
}

}  // namespace imageserver
