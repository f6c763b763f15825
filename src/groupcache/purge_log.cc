#include "groupcache/purge_log.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace imageserver {
namespace {

constexpr std::size_t kDigits = 32;

std::string short_hash(const std::string& text) { return to_hex(sha256(text)).substr(0, kDigits); }

}  // namespace

PurgeLog::PurgeLog(HybridClock& clock, Limits limits)
    : clock_(clock), limits_(limits), fallen_(limits.records) {}

PurgeLog::Taken PurgeLog::take(const PurgeRecord& record) {
  if (!clock_.learn(record.stamp)) return Taken::kAhead;
  const NewPurge purge = make_kept_purge(record);
  const MutexLock lock(mutex_);
  if (record.stamp <= floor_.stamp) return take_late(purge->hash);
  if (!keep(purge)) return Taken::kKnown;
  trim();
  return Taken::kNew;
}

std::optional<PurgeRecord> PurgeLog::find(std::string_view id) const {
  const MutexLock lock(mutex_);
  const auto found = std::find_if(records_.rbegin(), records_.rend(),
                                  [id](const auto& purge) { return purge->record.id == id; });
  return found == records_.rend() ? std::nullopt : std::optional((*found)->record);
}

Reach PurgeLog::reach(std::string_view name) const {
  const MutexLock lock(mutex_);
  Reach reach = index_.reach(name);
  reach.soft = std::max(reach.soft, all_soft_);
  reach.position = position_.load(std::memory_order_relaxed);
  return reach;
}

PurgeLog::Reaching PurgeLog::reaching(std::string_view name, std::size_t most) const {
  Reaching reaching;
  const MutexLock lock(mutex_);
  const auto [purges, are_all] = index_.reaching(name, most);
  for (const KeptPurge* const purge : purges) reaching.records.push_back(purge->record);
  reaching.are_all = are_all;
  return reaching;
}

std::string PurgeLog::digest() const {
  const MutexLock lock(mutex_);
  if (digest_.empty()) digest_ = short_hash(held_.text() + ';' + floor_text(floor_));
  return digest_;
}

PurgeLog::Contents PurgeLog::contents() const {
  Contents contents;
  std::vector<KeptPurgePtr> purges;
  {
    const MutexLock lock(mutex_);
    purges.assign(records_.begin(), records_.end());
    contents.floor = floor_;
  }
  contents.records.reserve(purges.size());
  for (const KeptPurgePtr& purge : purges) contents.records.push_back(purge->record);
  return contents;
}

PurgeLog::Merged PurgeLog::merge(const Contents& theirs) {
  Merged merged;
  merged.is_refused = !learns(theirs.floor);
  if (merged.is_refused) return merged;
  std::vector<NewPurge> purges;
  for (const PurgeRecord& record : theirs.records) {
    if (clock_.learn(record.stamp)) purges.push_back(make_kept_purge(record));
  }
  merged.ahead = theirs.records.size() - purges.size();
  const MutexLock lock(mutex_);
  drop_until(theirs.floor.stamp);
  const bool has_doubts = join_doubts(theirs.floor.doubts);
  const bool has_missed = agree_upon(fallen_of(theirs.floor, purges));
  merged.has_doubted = has_doubts || has_missed;
  if (merged.has_doubted) make_all_soft();
  for (const NewPurge& purge : purges) merged.taken += keep(purge) ? 1 : 0;
  trim();
  return merged;
}

void PurgeLog::doubt_all() {
  const MutexLock lock(mutex_);
  make_all_soft();
}

bool PurgeLog::learns(const Floor& floor) {
  return clock_.learn(floor.stamp) &&
         std::ranges::all_of(floor.doubts.all(),
                             [this](const Doubt& doubt) { return clock_.learn(doubt.stamp); });
}

// False if it is there, or was.
bool PurgeLog::keep(const NewPurge& purge) {
  if (purge->record.stamp <= floor_.stamp || records_.contains(purge)) return false;
  purge->position = next_position();
  records_.insert(purge);
  index_.add(*purge);
  held_.toggle(purge->hash);
  bytes_ += purge->text.size();
  digest_.clear();
  return true;
}

PurgeLog::Taken PurgeLog::take_late(const Sha256& hash) {
  if (fallen_.knows(hash)) return Taken::kKnown;
  fallen_.add(hash);
  if (!add_doubt("late;" + to_hex(hash))) return Taken::kKnown;
  make_all_soft();
  return Taken::kLate;
}

void PurgeLog::trim() {
  while (records_.size() > limits_.records || bytes_ > limits_.bytes) {
    drop_until((*records_.begin())->record.stamp);
  }
}

void PurgeLog::drop_until(HybridTime stamp) {
  if (stamp <= floor_.stamp) return;
  while (!records_.empty() && (*records_.begin())->record.stamp <= stamp) drop_oldest();
  floor_.stamp = stamp;
  digest_.clear();
}

void PurgeLog::drop_oldest() {
  const KeptPurgePtr oldest = *records_.begin();
  records_.erase(records_.begin());
  index_.remove(*oldest);
  held_.toggle(oldest->hash);
  bytes_ -= oldest->text.size();
  floor_.fallen.toggle(oldest->hash);
  fallen_.add(oldest->hash);
  all_soft_ = std::max(all_soft_, oldest->position);
}

// What would have fallen out of the other log, were its floor as high as this one's.
SetHash PurgeLog::fallen_of(const Floor& theirs, const std::vector<NewPurge>& purges) {
  SetHash fallen = theirs.fallen;
  for (const NewPurge& purge : purges) {
    if (purge->record.stamp > floor_.stamp) continue;
    fallen.toggle(purge->hash);
    fallen_.add(purge->hash);
  }
  return fallen;
}

// Whether there was a new one among them.
bool PurgeLog::join_doubts(const Doubts& theirs) {
  bool is_new = false;
  for (const Doubt& doubt : theirs.all()) is_new |= floor_.doubts.add(doubt);
  digest_.clear();
  return is_new;
}

// Whether something may have fallen out of the other log that never was here. All nodes that find
// the same difference agree upon the same and raise the same doubt, so that one of them is enough.
bool PurgeLog::agree_upon(const SetHash& fallen) {
  const SetHash ours = floor_.fallen;
  if (fallen == ours || fallen.is_empty()) return false;
  digest_.clear();
  floor_.fallen = std::max(ours, fallen);
  if (ours.is_empty()) return true;
  return add_doubt("floors;" + time_text(floor_.stamp) + ';' + std::min(ours, fallen).text() + ';' +
                   floor_.fallen.text());
}

// False if that is known.
bool PurgeLog::add_doubt(const std::string& reason) {
  const std::string id = short_hash(reason);
  if (floor_.doubts.knows(id)) return false;
  digest_.clear();
  return floor_.doubts.add({.stamp = clock_.now(), .id = id});
}

void PurgeLog::make_all_soft() { all_soft_ = next_position(); }

std::uint64_t PurgeLog::next_position() {
  const std::uint64_t position = position_.load(std::memory_order_relaxed) + 1;
  position_.store(position, std::memory_order_release);
  return position;
}

}  // namespace imageserver
