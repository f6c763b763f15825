#include "groupcache/known_original.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace imageserver {
namespace {

constexpr std::uint64_t kNever = 0;  // is no generation

}  // namespace

void KnownOriginal::seen(const Sight& sight) {
  const MutexLock lock(mutex_);
  if (sight.begun >= begun_) take(sight);
}

void KnownOriginal::heard(const Version& version, Clock::time_point begun,
                          const Freshness& freshness, Clock::time_point retry) {
  const MutexLock lock(mutex_);
  if (version_ != version) {
    if (begun < begun_) return;
    return take({.version = version, .begun = begun, .freshness = freshness, .retry = retry});
  }
  ++sights_;
  retry_ = retry;
  set({.fresh = std::max(fresh_.load(), freshness.fresh),
       .usable = std::max(usable_.load(), freshness.usable),
       .stale = std::max(stale_.load(), freshness.stale)});
}

void KnownOriginal::take(const Sight& sight) {
  begun_ = sight.begun;
  ++sights_;
  if (version_ != sight.version || !sight.version) ++generation_;
  version_ = sight.version;
  validators_ = sight.validators;
  lifetimes_ = {.fresh = sight.freshness.fresh - sight.begun,
                .usable = sight.freshness.usable - sight.begun,
                .stale = sight.freshness.stale - sight.begun};
  retry_ = sight.retry;
  set(sight.freshness);
}

void KnownOriginal::not_seen(Clock::time_point retry) {
  const MutexLock lock(mutex_);
  retry_ = retry;
  usable_ = std::max(usable_.load(), std::min(retry, stale_.load()));
}

std::uint64_t KnownOriginal::generation_of(const Version& version) {
  const MutexLock lock(mutex_);
  if (!version_ && begun_ == Clock::time_point()) {
    version_ = version;
    ++generation_;
  }
  return version_ == version ? generation_.load() : kNever;
}

Standing KnownOriginal::standing(std::uint64_t generation, Clock::time_point now) const {
  if (generation != generation_) return Standing::kReplaced;
  if (now < fresh_.load()) return Standing::kFresh;
  if (now < usable_.load()) return Standing::kStale;
  return Standing::kUnsure;
}

Standing KnownOriginal::standing_after_look(std::uint64_t generation, Clock::time_point now,
                                            std::uint64_t sights_before) const {
  const Standing found = standing(generation, now);
  if (found != Standing::kUnsure) return found;
  if (sights_ != sights_before) return Standing::kFresh;
  return now < stale_.load() ? Standing::kStale : Standing::kReplaced;
}

Clock::duration KnownOriginal::fresh_for(Clock::time_point now) const {
  return fresh_.load() - now;
}

bool KnownOriginal::is_to_be_looked_at(Clock::time_point now) const {
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

void KnownOriginal::set(const Freshness& freshness) {
  stale_ = freshness.stale;
  usable_ = freshness.usable;
  fresh_ = freshness.fresh;
}

}  // namespace imageserver
