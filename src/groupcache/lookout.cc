#include "groupcache/lookout.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/log.h"
#include "groupcache/cache_pair.h"

namespace imageserver {
namespace {

// What the owner has said is used for so long while the owner is asked anew.
constexpr milliseconds kGrace{1'000};

// A question that comes so much later finds that the owner's own time is over.
constexpr milliseconds kMargin{50};

// An owner that is about to look is asked again so soon.
constexpr milliseconds kUntilOwnerHasLooked{200};

// Calls `then` when it has been called so often.
std::function<void()> after_calls(std::size_t times, std::function<void()> then) {
  auto left = std::make_shared<std::atomic<std::size_t>>(times);
  return [left = std::move(left), then = std::move(then)] {
    if (--*left == 0 && then) then();
  };
}

// Whether the error says that there is no original any more.
bool is_gone(const Error& error) {
  return error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kForbidden;
}

// Whether the error says that no such picture can be made any more. Else the owner could not look.
bool tells_of_picture(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kUnprocessable:
    case ErrorKind::kInvalidParam:
    case ErrorKind::kDeadly:
    case ErrorKind::kNeedsMemory:
      return true;
    default:
      return false;
  }
}

}  // namespace

Lookout::Lookout(LookoutMeans means, NamesOf names_of, milliseconds stale,
                 std::function<Clock::time_point()> now)
    : means_(means), names_of_(std::move(names_of)), stale_(stale), now_(std::move(now)) {}

std::vector<std::string> Lookout::names_of(const TransformSpec& spec) const {
  return names_of_ ? names_of_(spec) : std::vector{spec.source};
}

Starts Lookout::begin(const TransformSpec& spec) const {
  if (means_.known == nullptr) return {};
  const Clock::time_point now = now_();
  Starts starts;
  for (const std::string& name : names_of(spec)) {
    KnownOriginalPtr original = means_.known->get(name);
    const KnownOriginal::Beginning begun = original->begin(now);
    starts.push_back({std::move(original), begun});
  }
  return starts;
}

std::optional<milliseconds> Lookout::fresh_for(const TransformSpec& spec,
                                               const Versions& made_of) const {
  if (made_of.empty()) return std::nullopt;
  const Starts starts = begin(spec);
  if (starts.size() != made_of.size()) return std::nullopt;
  const Marks marks = marks_of(starts, made_of);
  const Clock::time_point now = now_();
  auto least = Clock::duration::max();
  if (standing(marks, now) == Standing::kReplaced) return milliseconds(-1);
  for (const Mark& mark : marks) least = std::min(least, mark.original->fresh_for(now));
  return std::max(std::chrono::ceil<milliseconds>(least), milliseconds(0));
}

std::optional<Clock::duration> Lookout::lifetime(const TransformSpec& spec) const {
  if (means_.checker == nullptr) return std::nullopt;
  return means_.checker->lifetime(names_of(spec).front());
}

Marks Lookout::marks_of(const Starts& starts, const Versions& made_of) const {
  Marks marks;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto& [original, begun] = starts[i];
    const bool is_told = starts.size() == made_of.size();
    const auto version = is_told ? std::optional(made_of[i]) : std::nullopt;
    marks.push_back({original, original->generation_of(version, begun)});
  }
  return marks;
}

void Lookout::owner_sees(const Starts& starts, const Versions& versions,
                         std::optional<milliseconds> fresh_for) const {
  if (starts.empty() || versions.empty()) return;
  const auto& [original, beginning] = starts.front();
  const Clock::time_point begun = beginning.at;
  const milliseconds left = fresh_for.value_or(milliseconds(0));
  const bool is_fresh = left > milliseconds(0);
  const Clock::time_point now = now_();
  const auto fresh =
      is_fresh ? begun + std::min<Clock::duration>(left + kMargin, CachePair::kHotLifetime) : begun;
  const auto retry = is_fresh ? Clock::time_point() : now + kUntilOwnerHasLooked;
  const auto usable = (is_fresh ? fresh : now) + kGrace;
  original->heard(versions.front(), beginning,
                  {.fresh = fresh, .usable = usable, .stale = is_fresh ? usable + stale_ : usable},
                  retry);
}

void Lookout::look(const QueryPtr& query, const Kept& kept, const std::optional<std::string>& owner,
                   std::function<void()> then, const std::function<void(const ImagePtr&)>& take) {
  if (kept.marks.empty()) return then ? then() : void();
  const std::function<void()> one_is_done = after_calls(kept.marks.size(), std::move(then));
  for (const Mark& mark : kept.marks) {
    const bool is_owners = owner && mark.original == kept.marks.front().original;
    const Clock::time_point now = now_();
    if (mark.original->fresh_for(now) > Clock::duration::zero() || mark.original->is_resting(now)) {
      one_is_done();
    } else if (is_owners) {
      ask_owner(query, kept, *owner, one_is_done, take);
    } else {
      look_here(mark.original, one_is_done);
    }
  }
}

void Lookout::ask_owner(const QueryPtr& query, const Kept& kept, const std::string& owner,
                        std::function<void()> then, std::function<void(const ImagePtr&)> take) {
  const KnownOriginalPtr& original = kept.marks.front().original;
  if (!original->join_look(Route::kOwner, std::move(then))) return;
  PeerTransport::Events events;
  events.done = [self = shared_from_this(), kept, starts = begin(query->spec),
                 take = std::move(take)](const PeerTransport::Outcome& outcome) {
    self->or_end_look(kept.marks.front().original, Route::kOwner,
                      [&] { self->owner_has_looked(starts, kept, outcome, take); });
  };
  or_end_look(original, Route::kOwner, [&] {
    means_.peers.fetch(owner, {.have = kept.image->made_of}, query, {}, std::move(events));
  });
}

void Lookout::look_here(const KnownOriginalPtr& original, std::function<void()> then) {
  if (original->join_look(Route::kHere, std::move(then))) check(original);
}

void Lookout::check(const KnownOriginalPtr& original) {
  or_end_look(original, Route::kHere, [&] {
    means_.checker->check(original, [original] { original->end_look(Route::kHere); });
  });
}

void Lookout::or_end_look(const KnownOriginalPtr& original, Route route,
                          const std::function<void()>& step) const {
  try {
    step();
  } catch (const std::exception& exception) {
    log::error("an original could not be looked at: {}", exception.what());
    cannot_look({original, original->begin(now_())});
    original->end_look(route);
  }
}

void Lookout::owner_has_looked(const Starts& starts, const Kept& kept,
                               const PeerTransport::Outcome& outcome,
                               const std::function<void(const ImagePtr&)>& take) {
  const KnownOriginalPtr& original = kept.marks.front().original;
  const std::function<void()> end = [original] { original->end_look(Route::kOwner); };
  if (outcome.image.has_value()) {
    const ImagePtr& newer = *outcome.image;
    if (outcome.is_outdated) {
      cannot_look(starts.front());
      return end();
    }
    owner_sees(starts, outcome.is_unchanged ? kept.image->made_of : newer->made_of,
               outcome.fresh_for);
    if (!outcome.is_unchanged) take(newer);
    return end();
  }
  switch (outcome.failure) {
    case PeerTransport::Failure::kFinal:
      if (is_gone(outcome.image.error())) {
        original->seen({.version = std::nullopt, .begun = starts.front().begun});
        return end();
      }
      if (tells_of_picture(outcome.image.error())) take(nullptr);
      [[fallthrough]];
    case PeerTransport::Failure::kBusy:
      cannot_look(starts.front());
      return end();
    default:
      look_here(original, end);
  }
}

void Lookout::cannot_look(const Start& start) const {
  start.original->not_seen(start.begun, now_() + kBetweenLooks);
}

}  // namespace imageserver
