#include "groupcache/known_originals.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace imageserver {

KnownOriginalPtr KnownOriginals::get(const std::string& name) {
  KnownOriginalPtr dropped;  // is freed after the lock
  const MutexLock lock(mutex_);
  std::weak_ptr<KnownOriginal>& place = all_[name];
  KnownOriginalPtr known = place.lock();
  if (known) return known;
  known = std::make_shared<KnownOriginal>(name, purges_);
  place = known;
  recent_.push_back(known);
  if (recent_.size() > kRecent) {
    dropped = std::move(recent_.front());
    recent_.pop_front();
  }
  if (all_.size() >= next_sweep_) drop_forgotten();
  return known;
}

KnownOriginalPtr KnownOriginals::find(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : found->second.lock();
}

void KnownOriginals::drop_looks() {
  std::vector<KnownOriginalPtr> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [name, place] : all_) all.push_back(place.lock());
  }
  for (const KnownOriginalPtr& known : all) {
    if (known) known->drop_looks();
  }
}

// The next sweep comes when the table has doubled, so that each entry pays for its own.
void KnownOriginals::drop_forgotten() {
  std::erase_if(all_, [](const auto& entry) { return entry.second.expired(); });
  next_sweep_ = std::max(kLeastSweep, 2 * all_.size());
}

}  // namespace imageserver
