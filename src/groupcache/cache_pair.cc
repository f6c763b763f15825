#include "groupcache/cache_pair.h"

#include <utility>

namespace imageserver {

ImagePtr CachePair::get(std::string_view key) {
  if (limit_ <= 0) return nullptr;
  const std::lock_guard lock(mutex_);
  if (ImagePtr image = main_.get(key)) return image;
  return hot_.get(key);
}

void CachePair::put(Shelf shelf, std::string_view key, ImagePtr image) {
  if (std::cmp_greater(key.size() + value_size(*image), limit_)) return;
  // Large blocks are freed after the lock is given up.
  ImagePtr replaced;
  std::vector<ImagePtr> victims;
  const std::lock_guard lock(mutex_);
  replaced = (shelf == Shelf::kMain ? main_ : hot_).put(key, std::move(image));
  victims = make_room();
}

CachePair::Figures CachePair::figures() const {
  const std::lock_guard lock(mutex_);
  return {main_.stats(), hot_.stats()};
}

std::vector<ImagePtr> CachePair::make_room() {
  std::vector<ImagePtr> victims;
  while (std::cmp_greater(main_.stats().bytes + hot_.stats().bytes, limit_)) {
    Lru& victim = hot_.stats().bytes > main_.stats().bytes / 8 ? hot_ : main_;
    victims.push_back(victim.evict());
  }
  return victims;
}

}  // namespace imageserver
