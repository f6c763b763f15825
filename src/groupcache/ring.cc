#include "groupcache/ring.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hash.h"

namespace imageserver {

Ring::Ring(std::vector<std::string> names) : names_(std::move(names)) {
  points_.reserve(names_.size() * kPoints);
  // Nodes from last to first: a stable sort then leaves, of colliding points, the last node's in
  // front.
  for (std::size_t node = names_.size(); node-- > 0;) {
    for (int i = 0; i < kPoints; ++i) {
      points_.push_back({crc32_ieee(std::to_string(i) + names_[node]), node});
    }
  }
  std::ranges::stable_sort(points_, {}, &Point::hash);
  const auto duplicates = std::ranges::unique(points_, {}, &Point::hash);
  points_.erase(duplicates.begin(), duplicates.end());
}

const std::string& Ring::owner(std::string_view key) const {
  const auto point = std::ranges::lower_bound(points_, crc32_ieee(key), {}, &Point::hash);
  return names_[(point == points_.end() ? points_.front() : *point).node];
}

}  // namespace imageserver
