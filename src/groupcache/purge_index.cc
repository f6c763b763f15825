#include "groupcache/purge_index.h"

#include <algorithm>

namespace imageserver {
namespace {

const KeptPurge* newer(const KeptPurge* a, const KeptPurge* b) {
  if (a == nullptr || b == nullptr) return a == nullptr ? b : a;
  return IsOlder()(a, b) ? b : a;
}

}  // namespace

void PurgeRank::add(const KeptPurge& purge) {
  by_age_.insert(&purge);
  positions_.insert(purge.position);
}

void PurgeRank::remove(const KeptPurge& purge) {
  by_age_.erase(&purge);
  positions_.erase(purge.position);
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

PurgeIndex::Newest PurgeIndex::newest(std::string_view name) const {
  Newest newest;
  visit_places(name, [&newest](const Place& place) {
    newest.hard = newer(newest.hard, place.hard.newest());
    newest.soft = newer(newest.soft, place.soft.newest());
  });
  return newest;
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
