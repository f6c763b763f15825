#include "handlers/target_cache.h"

#include <algorithm>
#include <functional>

namespace imageserver {

bool TargetCache::Rules::are(const TargetRules& rules) const {
  const bool same = !presets.owner_before(rules.presets) && !rules.presets.owner_before(presets);
  return same && presets_only == rules.presets_only && strict == rules.strict;
}

TargetCache::TargetCache() {
  for (Shelf& shelf : shelves_) shelf.entries.resize(kPlaces);
}

TargetCache::Place TargetCache::place_of(std::string_view target) {
  const std::size_t hash = std::hash<std::string_view>()(target);
  return {hash % kShelves, hash / kShelves % kPlaces};
}

std::optional<TargetCache::Key> TargetCache::find(std::string_view target,
                                                  const TargetRules& rules) const {
  const Place place = place_of(target);
  const Shelf& shelf = shelves_.at(place.shelf);
  const MutexLock lock(shelf.mutex);
  const Entry& entry = shelf.entries[place.entry];
  if (entry.target.empty() || entry.target != target || !entry.rules.are(rules)) {
    return std::nullopt;
  }
  return entry.key;
}

void TargetCache::remember(std::string_view target, const TargetRules& rules,
                           std::string_view key) {
  if (target.size() > kMostBytes || key.size() != Key().size()) return;
  const Place place = place_of(target);
  Shelf& shelf = shelves_.at(place.shelf);
  const MutexLock lock(shelf.mutex);
  Entry& entry = shelf.entries[place.entry];
  entry.target = target;
  entry.rules = {rules.presets, rules.presets_only, rules.strict};
  std::ranges::copy(key, entry.key.begin());
}

}  // namespace imageserver
