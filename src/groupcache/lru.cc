#include "groupcache/lru.h"

#include <utility>

namespace imageserver {

ImagePtr Lru::get(std::string_view key) {
  ++stats_.gets;
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  ++stats_.hits;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->image;
}

ImagePtr Lru::put(std::string_view key, ImagePtr image) {
  if (const auto found = index_.find(key); found != index_.end()) {
    Entry& entry = *found->second;
    stats_.bytes -= size_of(entry);
    entry.image.swap(image);
    stats_.bytes += size_of(entry);
    entries_.splice(entries_.begin(), entries_, found->second);
    return image;
  }
  entries_.push_front({std::string(key), std::move(image)});
  index_.emplace(entries_.front().key, entries_.begin());
  stats_.bytes += size_of(entries_.front());
  ++stats_.items;
  return nullptr;
}

ImagePtr Lru::evict() {
  Entry& victim = entries_.back();
  stats_.bytes -= size_of(victim);
  --stats_.items;
  ++stats_.evictions;
  index_.erase(victim.key);
  ImagePtr image = std::move(victim.image);
  entries_.pop_back();
  return image;
}

std::size_t Lru::size_of(const Entry& entry) { return entry.key.size() + value_size(*entry.image); }

}  // namespace imageserver
