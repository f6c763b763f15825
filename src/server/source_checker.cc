#include "server/source_checker.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <new>
#include <stop_token>
#include <utility>

#include "base/log.h"
#include "server/disk_look.h"
#include "server/original_image.h"

namespace imageserver {
namespace {

constexpr milliseconds kRemoteTtl{3'600'000};
constexpr milliseconds kDirectoryTtl{1'000};

// Whether the error says that there is no such original any more. Else nobody could look.
bool is_gone(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kNotFound:
    case ErrorKind::kForbidden:
    case ErrorKind::kUnprocessable:
      return true;
    default:
      return false;
  }
}

// What an origin wants to be asked for each time is asked for once a second.
Lifetimes lifetimes_by(const OriginFreshness& origin, milliseconds ttl, milliseconds stale) {
  constexpr milliseconds kLeast{1'000};
  const milliseconds fresh = std::max(origin.lifetime.value_or(ttl), kLeast);
  const milliseconds usable = origin.may_be_stale ? fresh + stale : fresh;
  return {.fresh = fresh, .usable = usable, .stale = usable};
}

// Whether an origin says that nothing has changed, and names another version. Some do, which look
// at the time of a file alone.
bool contradicts_itself(const FetchedOriginal& fetched, const Validators& known) {
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  const Validators& told = fetched.validators;
  return fetched.is_unchanged &&
         (differ(told.etag, known.etag) || differ(told.last_modified, known.last_modified));
}

}  // namespace

SourceChecker::SourceChecker(net::io_context& watch, std::vector<const Sources*> sources,
                             const FreshnessTerms& terms, const UntrustedFormats& untrusted,
                             KnownOriginals& known, Keep keep)
    : watch_(watch),
      sources_(std::move(sources)),
      terms_(terms),
      untrusted_(untrusted),
      known_(known),
      keep_(std::move(keep)) {
  for (const Sources* const each : sources_) {
    for (const Source* const source : each->all()) {
      if (!source->blocks()) continue;
      std::unique_ptr<IoPool>& disk = disks_[source];
      disk = std::make_unique<IoPool>(kThreads);
      disk->start();
    }
  }
}

void SourceChecker::check(KnownOriginalPtr original, std::function<void()> done) {
  const std::optional<Sources::Located> located = locate(original->name());
  if (!located) {
    original->seen({.version = std::nullopt, .begun = original->begin(Clock::now())});
    return done();
  }
  if (located->source->blocks()) return check_disk(original, *located, std::move(done));
  look(original, *located, Asking::kWhetherChanged, done);
}

milliseconds SourceChecker::lifetime(const std::string& name) const {
  const std::optional<Sources::Located> located = locate(name);
  return located ? ttl_of(*located->source) : kDirectoryTtl;
}

Start SourceChecker::begin(const std::string& name) const {
  const KnownOriginalPtr original = known_.get(name);
  return {original, original->begin(Clock::now())};
}

void SourceChecker::note(const Start& start, const Source& source,
                         const Result<FetchedOriginal>& fetched) {
  see(*start.original, source, start.original->present(), start.begun, fetched);
}

void SourceChecker::stop() {
  for (const auto& [source, disk] : disks_) disk->stop();
}

std::optional<Sources::Located> SourceChecker::locate(const std::string& name) const {
  for (const Sources* const sources : sources_) {
    if (auto located = sources->locate_canonical(name)) return located;
  }
  return std::nullopt;
}

// What a disk that hangs is asked already is not asked again.
void SourceChecker::check_disk(const KnownOriginalPtr& original, const Sources::Located& located,
                               std::function<void()> done) {
  if (!enter(*original)) {
    const Clock::time_point now = Clock::now();
    original->not_seen(original->begin(now), now + kBetweenLooks);
    return done();
  }
  const auto waiting = std::make_shared<DiskLook>(watch_, original, std::move(done));
  waiting->start();
  IoPool& disk = *disks_.at(located.source);
  const std::size_t thread = std::hash<std::string>()(original->name()) % disk.size();
  try {
    net::post(disk.at(thread), [this, original, located, waiting] {
      look_on_disk(original, located);
      leave(*original);
      waiting->end();
    });
  } catch (const std::bad_alloc&) {
    leave(*original);
    throw;
  }
}

void SourceChecker::look_on_disk(const KnownOriginalPtr& original,
                                 const Sources::Located& located) try {
  look(original, located, Asking::kWhetherChanged, [] {});
} catch (const std::exception& exception) {
  log::error("looking at {}: {}", original->name(), exception.what());
  const Clock::time_point now = Clock::now();
  original->not_seen(original->begin(now), now + kBetweenLooks);
}

bool SourceChecker::enter(const KnownOriginal& original) {
  const MutexLock lock(mutex_);
  return on_disk_.insert(&original).second;
}

void SourceChecker::leave(const KnownOriginal& original) {
  const MutexLock lock(mutex_);
  on_disk_.erase(&original);
}

// It begins before what is known is read: then a purge between the two makes the look count
// nothing.
void SourceChecker::look(const KnownOriginalPtr& original, const Sources::Located& located,
                         Asking asking, const std::function<void()>& done) {
  const KnownOriginal::Beginning begun = original->begin(Clock::now());
  KnownOriginal::Present present = original->present();
  if (asking == Asking::kForAll) present.validators = {};
  located.source->fetch(
      {.name = located.name, .known = present.validators, .deadline = Deadline::max()},
      std::stop_token(),
      [this, original, located, present, begun, done](const Result<FetchedOriginal>& fetched) {
        if (fetched.has_value() && contradicts_itself(*fetched, present.validators)) {
          return look(original, located, Asking::kForAll, done);
        }
        looked(*original, *located.source, present, begun, fetched);
        done();
      });
}

// A new version that a server has given need not be fetched again. Whatever happens here, the look
// ends.
void SourceChecker::looked(KnownOriginal& original, const Source& source,
                           const KnownOriginal::Present& before,
                           const KnownOriginal::Beginning& begun,
                           const Result<FetchedOriginal>& fetched) try {
  see(original, source, before, begun, fetched);
  if (source.blocks() || fetched.has_error() || fetched->is_unchanged) return;
  if (fetched->hash && before.version == version_of(*fetched->hash)) return;
  const Result<ImagePtr> image = original_image(*fetched, untrusted_);
  if (image.has_value()) keep_(original.name(), *image, begun.fence);
} catch (const std::exception& exception) {
  log::error("looking at {}: {}", original.name(), exception.what());
}

void SourceChecker::see(KnownOriginal& original, const Source& source,
                        const KnownOriginal::Present& before, const KnownOriginal::Beginning& begun,
                        const Result<FetchedOriginal>& fetched) const {
  if (fetched.has_error()) {
    is_gone(fetched.error()) ? original.seen({.version = std::nullopt, .begun = begun})
                             : original.not_seen(begun, Clock::now() + kBetweenLooks);
    return;
  }
  if (!fetched->is_unchanged && !fetched->hash) return;
  // What is made of a file that may just be written is answered, and not kept.
  if (source.blocks() && fetched->validators.empty()) {
    return original.seen({.version = std::nullopt, .begun = begun});
  }
  original.seen({.version = fetched->is_unchanged ? before.version : version_of(*fetched->hash),
                 .validators = fetched->validators,
                 .begun = begun,
                 .freshness = lifetimes_of(source, *fetched, before.lifetimes).from(begun.at)});
}

// What a 304 does not say again, still holds.
Lifetimes SourceChecker::lifetimes_of(const Source& source, const FetchedOriginal& fetched,
                                      const Lifetimes& before) const {
  const milliseconds fresh = ttl_of(source);
  const milliseconds stale = fresh + terms_.stale;
  if (source.blocks()) return {.fresh = fresh, .usable = fresh, .stale = stale};
  if (terms_.respects_origin) {
    const bool is_told = fetched.freshness.lifetime || !fetched.freshness.may_be_stale;
    if (is_told) return lifetimes_by(fetched.freshness, ttl_of(source), terms_.stale);
    if (fetched.is_unchanged) return before;
  }
  return {.fresh = fresh, .usable = stale, .stale = stale};
}

milliseconds SourceChecker::ttl_of(const Source& source) const {
  return terms_.ttl.value_or(source.blocks() ? kDirectoryTtl : kRemoteTtl);
}

}  // namespace imageserver
