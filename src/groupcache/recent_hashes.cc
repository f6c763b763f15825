#include "groupcache/recent_hashes.h"

namespace imageserver {

void RecentHashes::add(const Sha256& hash) {
  if (!known_.insert(hash).second) return;
  order_.push_back(hash);
  if (order_.size() <= most_) return;
  known_.erase(order_.front());
  order_.pop_front();
}

}  // namespace imageserver
