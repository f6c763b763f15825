#include "groupcache/purge_index.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace imageserver {
void PurgeRank::add(const KeptPurge& purge) {
  by_age_.insert(&purge);
  positions_.insert(purge.position);
}

void PurgeRank::remove(const KeptPurge& purge) {
  by_age_.erase(&purge);
  positions_.erase(purge.position);
}

void PurgeRank::add_newest_to(std::vector<const KeptPurge*>& purges, std::size_t most) const {
  const std::size_t count = std::min(most, by_age_.size());
  purges.insert(purges.end(), by_age_.rbegin(),
                std::next(by_age_.rbegin(), static_cast<std::ptrdiff_t>(count)));
}

void PurgeIndex::add(const KeptPurge& purge) {
  if (purge.record.kind == PurgeRecord::Kind::kAll) return all_.rank_of(purge).add(purge);
  Places& places = places_of(purge);
  for (const std::string& value : purge.record.values) places[value].rank_of(purge).add(purge);
}

// A value may stand there twice.
void PurgeIndex::remove(const KeptPurge& purge) {
  if (purge.record.kind == PurgeRecord::Kind::kAll) return all_.rank_of(purge).remove(purge);
  Places& places = places_of(purge);
  for (const std::string& value : purge.record.values) {
    const auto found = places.find(value);
    if (found == places.end()) continue;
    found->second.rank_of(purge).remove(purge);
    if (found->second.is_empty()) places.erase(found);
  }
}

Reach PurgeIndex::reach(std::string_view name) const {
  Reach reach;
  visit_places(name, [&reach](const Place& place) {
    reach.hard = std::max(reach.hard, place.hard.last());
    reach.soft = std::max(reach.soft, place.soft.last());
  });
  return reach;
}

PurgeIndex::Reaching PurgeIndex::reaching(std::string_view name, std::size_t most) const {
  Reaching reaching;
  std::size_t all = 0;
  visit_places(name, [&](const Place& place) {
    all += place.hard.size() + place.soft.size();
    place.hard.add_newest_to(reaching.purges, most);
    place.soft.add_newest_to(reaching.purges, most);
  });
  std::ranges::sort(reaching.purges,
                    [](const KeptPurge* a, const KeptPurge* b) { return IsOlder()(b, a); });
  // A record may reach it by two of its values. Then `all` is too many, which is no harm.
  const auto twice = std::ranges::unique(reaching.purges);
  reaching.purges.erase(twice.begin(), twice.end());
  reaching.are_all = all <= most;
  reaching.purges.resize(std::min(reaching.purges.size(), most));
  return reaching;
}

PurgeIndex::Places& PurgeIndex::places_of(const KeptPurge& purge) {
  return purge.record.kind == PurgeRecord::Kind::kSource ? sources_ : prefixes_;
}

template <class Visit>
void PurgeIndex::visit_places(std::string_view name, Visit visit) const {
  const auto visit_place = [&visit](const Places& places, const Beginning& key) {
    const auto found = places.find(key);
    if (found != places.end()) visit(found->second);
  };
  visit(all_);
  visit_beginnings(name, [this, name, &visit_place](const Beginning& beginning) {
    visit_place(prefixes_, beginning);
    if (beginning.text.size() == name.size()) visit_place(sources_, beginning);
  });
}

}  // namespace imageserver
