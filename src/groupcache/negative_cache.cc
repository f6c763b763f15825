#include "groupcache/negative_cache.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostEntries = 1024;

}  // namespace

void NegativeCache::put(const std::string& key, const Error& error, milliseconds time_to_live,
                        Deadline now) {
  if (time_to_live <= milliseconds::zero()) return;
  const MutexLock lock(mutex_);
  drop_old(now);
  auto [entry, is_new] = entries_.try_emplace(key, Entry{error, now + time_to_live});
  if (is_new) return order_.push_back(key);
  if (entry->second.until <= now) entry->second = Entry{error, now + time_to_live};
}

std::optional<Error> NegativeCache::find(const std::string& key, Deadline now) {
  const MutexLock lock(mutex_);
  drop_old(now);
  const auto found = entries_.find(key);
  const bool holds = found != entries_.end() && found->second.until > now;
  return holds ? std::optional(found->second.error) : std::nullopt;
}

// One behind another that lasts longer stays until that one goes.
void NegativeCache::drop_old(Deadline now) {
  while (!order_.empty()) {
    const auto oldest = entries_.find(order_.front());
    if (oldest->second.until > now && entries_.size() <= kMostEntries) return;
    entries_.erase(oldest);
    order_.pop_front();
  }
}

}  // namespace imageserver
