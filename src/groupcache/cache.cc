#include "groupcache/cache.h"

#include <algorithm>
#include <utility>

namespace imageserver {

Found Cache::get(std::string_view key, Time now) {
  ++stats_.gets;
  CacheEntry* const entry = find_alive(key, now);
  if (entry == nullptr) return {};
  const Standing found = standing(entry->marks, now);
  if (found == Standing::kReplaced) return {.image = nullptr, .standing = found};
  ++stats_.hits;
  entry->rate.count(now);
  used(*entry);
  return {entry->image, found};
}

Kept Cache::peek(std::string_view key, Time now) const {
  const CacheEntry* const entry = find_alive(key, now);
  return entry == nullptr ? Kept() : Kept{entry->image, entry->marks};
}

Kept Cache::put(std::string_view key, Kept kept, Time now,
                std::optional<Clock::duration> lifetime) {
  CacheEntry* const entry = find(key);
  if (entry == nullptr) {
    CacheEntry& added = add(key, std::move(kept), now);
    born(added, now, lifetime);
    entered(added);
    return {};
  }
  Kept before = replace(*entry, std::move(kept));
  born(*entry, now, lifetime);
  used(*entry);
  return before;
}

CacheEntry& Cache::add(std::string_view key, Kept kept, Time now) {
  CacheEntry& entry = to_change(*entries_.emplace(key).first);
  entry.image = std::move(kept.image);
  entry.marks = std::move(kept.marks);
  entry.rate.count(now);
  stats_.bytes += entry.size();
  ++stats_.items;
  return entry;
}

Kept Cache::replace(CacheEntry& entry, Kept kept) {
  const std::size_t before = entry.size();
  entry.image.swap(kept.image);
  entry.marks.swap(kept.marks);
  stats_.bytes -= before;
  stats_.bytes += entry.size();
  resized(entry, before);
  return kept;
}

void Cache::born(CacheEntry& entry, Time now, std::optional<Clock::duration> lifetime) {
  entry.until = lifetime ? now + *lifetime : Time::max();
  if (!lifetime_) return;
  entry.until = std::min(entry.until, now + *lifetime_);
  entry.age.unlink();
  ages_.push_front(entry);
}

ImagePtr Cache::evict() {
  ++stats_.evictions;
  return drop(victim());
}

ImagePtr Cache::forget(std::string_view key) {
  CacheEntry* const entry = find(key);
  return entry == nullptr ? nullptr : drop(*entry);
}

ImagePtr Cache::drop_expired(Time now) {
  if (ages_.empty() || ages_.back().until > now) return nullptr;
  return drop(ages_.back());
}

ImagePtr Cache::drop(CacheEntry& entry) {
  leaving(entry);
  stats_.bytes -= entry.size();
  --stats_.items;
  ImagePtr image = std::move(entry.image);
  entries_.erase(entries_.find(entry.key));
  return image;
}

std::optional<double> Cache::rate(std::string_view key, Time now) const {
  const CacheEntry* const entry = find_alive(key, now);
  if (entry == nullptr) return std::nullopt;
  return entry->rate.per_second(now);
}

CacheEntry* Cache::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &to_change(*found);
}

CacheEntry* Cache::find_alive(std::string_view key, Time now) const {
  CacheEntry* const entry = find(key);
  return entry == nullptr || entry->until <= now ? nullptr : entry;
}

}  // namespace imageserver
