#include "groupcache/cache.h"

#include <utility>

namespace imageserver {

ImagePtr Cache::get(std::string_view key, Time now) {
  ++stats_.gets;
  CacheEntry* const entry = find_alive(key, now);
  if (entry == nullptr) return nullptr;
  ++stats_.hits;
  entry->rate.count(now);
  used(*entry);
  return entry->image;
}

ImagePtr Cache::peek(std::string_view key, Time now) const {
  const CacheEntry* const entry = find_alive(key, now);
  return entry == nullptr ? nullptr : entry->image;
}

ImagePtr Cache::put(std::string_view key, ImagePtr image, Time now) {
  CacheEntry* const entry = find(key);
  if (entry == nullptr) {
    add(key, std::move(image), now);
    return nullptr;
  }
  const std::size_t before = entry->size();
  entry->image.swap(image);
  stats_.bytes -= before;
  stats_.bytes += entry->size();
  resized(*entry, before);
  born(*entry, now);
  used(*entry);
  return image;
}

void Cache::add(std::string_view key, ImagePtr image, Time now) {
  CacheEntry& entry = to_change(*entries_.emplace(key).first);
  entry.image = std::move(image);
  entry.rate.count(now);
  stats_.bytes += entry.size();
  ++stats_.items;
  born(entry, now);
  entered(entry);
}

void Cache::born(CacheEntry& entry, Time now) {
  if (!lifetime_) return;
  entry.until = now + *lifetime_;
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
