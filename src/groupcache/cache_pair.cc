#include "groupcache/cache_pair.h"

#include <algorithm>
#include <array>
#include <utility>

#include "groupcache/s3_fifo.h"

namespace imageserver {
namespace {

constexpr int kHotShare = 8;

std::optional<Clock::duration> hot_lifetime(RingMode mode) {
  if (mode == RingMode::kGo) return std::nullopt;
  return CachePair::kHotLifetime;
}

std::unique_ptr<Cache> make_main(CachePolicy policy) {
  if (policy == CachePolicy::kS3Fifo) return std::make_unique<S3Fifo>();
  return std::make_unique<Lru>();
}

}  // namespace

CachePair::CachePair(const Terms& terms)
    : terms_(terms), main_(make_main(terms.policy)), hot_(hot_lifetime(terms.mode)) {}

Found CachePair::get(std::string_view key, Time now) {
  if (terms_.limit <= 0) return {};
  // Declared before the lock, so that large blocks are freed after the lock is released.
  std::vector<ImagePtr> dropped;
  const MutexLock lock(mutex_);
  Found found = main_->get(key, now);
  if (found.image) return found;
  drop_expired(now, dropped);
  Found in_hot = hot_.get(key, now);
  if (!in_hot.image) in_hot.standing = std::max(in_hot.standing, found.standing);
  return in_hot;
}

Kept CachePair::peek(std::string_view key, Time now) const {
  const MutexLock lock(mutex_);
  Kept in_main = main_->peek(key, now);
  if (in_main.image && standing(in_main.marks, now) != Standing::kReplaced) return in_main;
  Kept in_hot = hot_.peek(key, now);
  return in_hot.image ? in_hot : in_main;
}

void CachePair::put(Shelf shelf, std::string_view key, Kept kept, Time now,
                    std::optional<Clock::duration> lifetime) {
  if (std::cmp_greater(key.size() + value_size(*kept.image), largest(shelf))) return;
  Kept before;
  std::vector<ImagePtr> dropped;
  const MutexLock lock(mutex_);
  drop_expired(now, dropped);
  before = cache_of(shelf).put(key, std::move(kept), now, lifetime);
  while (Cache* const victim = overfull()) dropped.push_back(victim->evict());
}

void CachePair::forget(std::string_view key) {
  std::array<ImagePtr, 2> dropped;
  const MutexLock lock(mutex_);
  dropped = {main_->forget(key), hot_.forget(key)};
}

std::optional<double> CachePair::rate(std::string_view key, Time now) const {
  const MutexLock lock(mutex_);
  const auto main = main_->rate(key, now);
  return main ? main : hot_.rate(key, now);
}

CachePair::Stats CachePair::stats(Time now) {
  std::vector<ImagePtr> dropped;
  const MutexLock lock(mutex_);
  drop_expired(now, dropped);
  return {main_->stats(), hot_.stats()};
}

std::int64_t CachePair::room_of(Shelf shelf) const {
  return shelf == Shelf::kHot && terms_.mode == RingMode::kBalanced ? terms_.limit / kHotShare
                                                                    : terms_.limit;
}

std::int64_t CachePair::largest(Shelf shelf) const {
  const std::int64_t room = std::min(room_of(shelf), terms_.limit / terms_.smallest_share);
  return terms_.policy == CachePolicy::kS3Fifo ? std::min(room, terms_.limit / S3Fifo::kSmallShare)
                                               : room;
}

Cache& CachePair::cache_of(Shelf shelf) {
  if (shelf == Shelf::kHot) return hot_;
  return *main_;
}

// The cache that has to evict; null if the limit holds.
Cache* CachePair::overfull() {
  const std::uint64_t main = main_->stats().bytes;
  const std::uint64_t hot = hot_.stats().bytes;
  if (terms_.mode == RingMode::kBalanced && std::cmp_greater(hot, room_of(Shelf::kHot)))
    return &hot_;
  if (!std::cmp_greater(main + hot, terms_.limit)) return nullptr;
  if (terms_.mode == RingMode::kBalanced) return main_.get();
  return hot > main / kHotShare ? &hot_ : main_.get();
}

void CachePair::drop_expired(Time now, std::vector<ImagePtr>& dropped) {
  while (ImagePtr image = hot_.drop_expired(now)) dropped.push_back(std::move(image));
}

}  // namespace imageserver
