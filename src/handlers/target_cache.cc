#include "handlers/target_cache.h"

#include <algorithm>
#include <functional>

namespace imageserver {

bool TargetCache::Rules::are(const TargetRules& rules) const {
  const bool same = !presets.owner_before(rules.presets) && !rules.presets.owner_before(presets);
  return same && presets_only == rules.presets_only && strict == rules.strict;
}

TargetCache::TargetCache() {
  for (Stripe& stripe : stripes_) stripe.entries.resize(kPlaces);
}

TargetCache::Place TargetCache::place_of(std::string_view target) {
  const std::size_t hash = std::hash<std::string_view>()(target);
  return {hash % kStripes, hash / kStripes % kPlaces};
}

std::optional<TargetCache::Known> TargetCache::find(std::string_view target,
                                                    const TargetRules& rules) const {
  const Place place = place_of(target);
  const Stripe& stripe = stripes_.at(place.stripe);
  const MutexLock lock(stripe.mutex);
  const Entry& entry = stripe.entries[place.entry];
  if (entry.target.empty() || entry.target != target || !entry.rules.are(rules)) {
    return std::nullopt;
  }
  return entry.known;
}

void TargetCache::remember(std::string_view target, const TargetRules& rules, std::string_view key,
                           bool ignores) {
  if (target.size() > kMostBytes || key.size() != Key().size()) return;
  const Place place = place_of(target);
  Stripe& stripe = stripes_.at(place.stripe);
  const MutexLock lock(stripe.mutex);
  Entry& entry = stripe.entries[place.entry];
  entry.target = target;
  entry.rules = {rules.presets, rules.presets_only, rules.strict};
  std::ranges::copy(key, entry.known.key.begin());
  entry.known.ignores = ignores;
}

}  // namespace imageserver
