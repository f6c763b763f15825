#include "groupcache/negative_cache.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostEntries = 1024;

}  // namespace

void NegativeCache::put(const std::string& key, const Error& error, Deadline now) {
  if (time_to_live_ <= milliseconds::zero()) return;
  const MutexLock lock(mutex_);
  drop_old(now);
  if (entries_.try_emplace(key, Entry{error, now + time_to_live_}).second) order_.push_back(key);
}

std::optional<Error> NegativeCache::find(const std::string& key, Deadline now) {
  const MutexLock lock(mutex_);
  drop_old(now);
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.error);
}

void NegativeCache::drop_old(Deadline now) {
  while (!order_.empty()) {
    const auto oldest = entries_.find(order_.front());
    if (oldest->second.until > now && entries_.size() <= kMostEntries) return;
    entries_.erase(oldest);
    order_.pop_front();
  }
}

}  // namespace imageserver
