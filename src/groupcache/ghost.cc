#include "groupcache/ghost.h"

namespace imageserver {

void Ghost::remember(std::uint64_t fingerprint, std::size_t most) {
  places_.insert_or_assign(fingerprint, passed_ + queue_.size());
  queue_.push_back(fingerprint);
  while (queue_.size() > most) forget_oldest();
}

bool Ghost::take(std::uint64_t fingerprint) { return places_.erase(fingerprint) != 0; }

void Ghost::forget_oldest() {
  const auto found = places_.find(queue_.front());
  if (found != places_.end() && found->second == passed_) places_.erase(found);
  queue_.pop_front();
  ++passed_;
}

}  // namespace imageserver
