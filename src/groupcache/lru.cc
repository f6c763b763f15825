#include "groupcache/lru.h"

#include <iterator>
#include <utility>

namespace imageserver {

ImagePtr Lru::get(std::string_view key, Time now) {
  ++stats_.gets;
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->until <= now) return nullptr;
  ++stats_.hits;
  Entry& entry = *found->second;
  entry.rate.count(now);
  entries_.splice(entries_.begin(), entries_, found->second);
  return entry.image;
}

ImagePtr Lru::peek(std::string_view key, Time now) const {
  const auto found = index_.find(key);
  return found == index_.end() || found->second->until <= now ? nullptr : found->second->image;
}

ImagePtr Lru::put(std::string_view key, ImagePtr image, Time now) {
  const auto found = index_.find(key);
  if (found == index_.end()) {
    add(key, std::move(image), now);
    return nullptr;
  }
  Entry& entry = *found->second;
  stats_.bytes -= size_of(entry);
  entry.image.swap(image);
  stats_.bytes += size_of(entry);
  if (lifetime_) ages_.erase(entry.age);
  born(found->second, now);
  entries_.splice(entries_.begin(), entries_, found->second);
  return image;
}

void Lru::add(std::string_view key, ImagePtr image, Time now) {
  entries_.emplace_front();
  const auto entry = entries_.begin();
  entry->key = key;
  entry->image = std::move(image);
  entry->rate.count(now);
  index_.emplace(entry->key, entry);
  born(entry, now);
  stats_.bytes += size_of(*entry);
  ++stats_.items;
}

void Lru::born(Entries::iterator entry, Time now) {
  if (!lifetime_) return;
  entry->until = now + *lifetime_;
  entry->age = ages_.insert(ages_.end(), entry);
}

ImagePtr Lru::evict() {
  ++stats_.evictions;
  return drop(std::prev(entries_.end()));
}

ImagePtr Lru::drop_expired(Time now) {
  if (ages_.empty() || ages_.front()->until > now) return nullptr;
  return drop(ages_.front());
}

ImagePtr Lru::drop(Entries::iterator entry) {
  stats_.bytes -= size_of(*entry);
  --stats_.items;
  index_.erase(entry->key);
  if (lifetime_) ages_.erase(entry->age);
  ImagePtr image = std::move(entry->image);
  entries_.erase(entry);
  return image;
}

std::optional<double> Lru::rate(std::string_view key, Time now) const {
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->until <= now) return std::nullopt;
  return found->second->rate.per_second(now);
}

std::size_t Lru::size_of(const Entry& entry) { return entry.key.size() + value_size(*entry.image); }

}  // namespace imageserver
