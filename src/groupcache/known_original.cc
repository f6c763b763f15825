#include "groupcache/known_original.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace imageserver {
namespace {

constexpr std::uint64_t kNever = 0;  // is no generation

// Set in generations of things without a version. The other bits are the fence then.
constexpr std::uint64_t kHasNoVersion = std::uint64_t{1} << 63U;

}  // namespace

KnownOriginal::Beginning KnownOriginal::begin(Clock::time_point now) {
  return {.at = now, .fence = fence(now)};
}

std::uint64_t KnownOriginal::fence(Clock::time_point now) {
  heed_purges(now);
  return fence_;
}

void KnownOriginal::seen(const Sight& sight) {
  heed_purges(sight.begun.at);
  const MutexLock lock(mutex_);
  if (counts(sight.begun)) take(sight);
}

void KnownOriginal::heard(const Version& version, const Beginning& begun,
                          const Freshness& freshness, Clock::time_point retry) {
  heed_purges(begun.at);
  const MutexLock lock(mutex_);
  if (begun.fence != fence_) return;
  if (version_ != version) {
    if (!counts(begun)) return;
    return take({.version = version, .begun = begun, .freshness = freshness, .retry = retry});
  }
  ++sights_;
  retry_ = retry;
  set({.fresh = std::max(fresh_.load(), freshness.fresh),
       .usable = std::max(usable_.load(), freshness.usable),
       .stale = std::max(stale_.load(), freshness.stale)});
}

bool KnownOriginal::counts(const Beginning& begun) const {
  return begun.at >= begun_ && begun.fence == fence_;
}

void KnownOriginal::take(const Sight& sight) {
  const Clock::time_point begun = sight.begun.at;
  begun_ = begun;
  ++sights_;
  if (version_ != sight.version || !sight.version) ++generation_;
  is_known_ = true;
  version_ = sight.version;
  validators_ = sight.validators;
  lifetimes_ = {.fresh = sight.freshness.fresh - begun,
                .usable = sight.freshness.usable - begun,
                .stale = sight.freshness.stale - begun};
  retry_ = sight.retry;
  set(sight.freshness);
}

void KnownOriginal::not_seen(const Beginning& begun, Clock::time_point retry) {
  heed_purges(begun.at);
  const MutexLock lock(mutex_);
  if (begun.fence != fence_) return;
  retry_ = retry;
  usable_ = std::max(usable_.load(), std::min(retry, stale_.load()));
}

std::uint64_t KnownOriginal::generation_of(const std::optional<Version>& version,
                                           const Beginning& begun) {
  heed_purges(begun.at);
  const MutexLock lock(mutex_);
  if (begun.fence != fence_) return kNever;
  if (!version) return kHasNoVersion | begun.fence;
  if (!is_known_) {
    is_known_ = true;
    version_ = version;
    ++generation_;
  }
  return version_ == version ? generation_.load() : kNever;
}

Standing KnownOriginal::standing(std::uint64_t generation, Clock::time_point now) {
  heed_purges(now);
  if ((generation & kHasNoVersion) != 0) {
    return (generation ^ kHasNoVersion) == fence_ ? Standing::kFresh : Standing::kReplaced;
  }
  if (generation != generation_) return Standing::kReplaced;
  if (now < fresh_.load()) return Standing::kFresh;
  if (now < usable_.load()) return Standing::kStale;
  return Standing::kUnsure;
}

Standing KnownOriginal::standing_after_look(std::uint64_t generation, Clock::time_point now,
                                            std::uint64_t sights_before) {
  const Standing found = standing(generation, now);
  if (found != Standing::kUnsure) return found;
  if (sights_ != sights_before) return Standing::kFresh;
  return now < stale_.load() ? Standing::kStale : Standing::kReplaced;
}

Clock::duration KnownOriginal::fresh_for(Clock::time_point now) {
  heed_purges(now);
  return fresh_.load() - now;
}

bool KnownOriginal::is_to_be_looked_at(Clock::time_point now) {
  heed_purges(now);
  return now >= fresh_.load() && now >= retry_.load() && looking_ == 0;
}

KnownOriginal::Present KnownOriginal::present() const {
  const MutexLock lock(mutex_);
  return {version_, validators_, lifetimes_};
}

bool KnownOriginal::join_look(Route route, std::function<void()> then) {
  const MutexLock lock(mutex_);
  Look& look = looks_.at(static_cast<std::size_t>(route));
  if (then) look.waiting.push_back(std::move(then));
  if (std::exchange(look.is_under_way, true)) return false;
  ++looking_;
  return true;
}

void KnownOriginal::end_look(Route route) {
  std::vector<std::function<void()>> waiting;
  {
    const MutexLock lock(mutex_);
    Look& look = looks_.at(static_cast<std::size_t>(route));
    if (!std::exchange(look.is_under_way, false)) return;
    waiting.swap(look.waiting);
    --looking_;
  }
  for (const auto& then : waiting) then();
}

void KnownOriginal::drop_looks() {
  std::vector<std::function<void()>> dropped;
  const MutexLock lock(mutex_);
  for (Look& look : looks_) {
    std::ranges::move(std::exchange(look.waiting, {}), std::back_inserter(dropped));
  }
}

void KnownOriginal::heed_purges(Clock::time_point now) {
  if (purges_ == nullptr || heeded_ == purges_->position()) return;
  const MutexLock lock(mutex_);
  const Reach reach = purges_->reach(name_);
  if (reach.position <= heeded_) return;
  heed(reach, now);
  // Behind all that the purges change: whoever sees this number sees the rest.
  heeded_ = reach.position;
}

void KnownOriginal::heed(const Reach& reach, Clock::time_point now) {
  if (reach.hard > heeded_) {
    forget(now);
  } else if (reach.soft > heeded_) {
    end_freshness(now);
  }
  // What falls out of the log counts at the position that it had: it is no new fence.
  if (reach.last() > heeded_) fence_ = reach.last();
}

void KnownOriginal::forget(Clock::time_point now) {
  ++generation_;
  is_known_ = false;
  version_.reset();
  validators_ = {};
  lifetimes_ = {};
  begun_ = std::max(begun_, now);
  retry_ = Clock::time_point();
  set({});
}

// All ends by so much sooner as its freshness does.
void KnownOriginal::end_freshness(Clock::time_point now) {
  retry_ = Clock::time_point();
  const Clock::duration left = fresh_.load() - now;
  if (left <= Clock::duration::zero()) return;
  set({.fresh = now, .usable = usable_.load() - left, .stale = stale_.load() - left});
}

void KnownOriginal::set(const Freshness& freshness) {
  stale_ = freshness.stale;
  usable_ = freshness.usable;
  fresh_ = freshness.fresh;
}

}  // namespace imageserver
