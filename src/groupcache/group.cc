#include "groupcache/group.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/cancelled.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "groupcache/cache_pair.h"
#include "groupcache/hot_policy.h"
#include "groupcache/live_counters.h"
#include "groupcache/lookout.h"
#include "groupcache/ring.h"
#include "groupcache/singleflight.h"

namespace imageserver {
namespace {

using RingPtr = std::shared_ptr<const Ring>;

RingPtr ring_with(RingMode mode, const std::string& self, std::vector<std::string> names,
                  std::string settings) {
  names.push_back(self);
  return std::make_shared<const Ring>(mode, std::move(names), std::move(settings));
}

// The most nodes that are asked for one flight: the owner, and two in its place.
constexpr std::size_t kMostAsked = 3;

// A node that had no time or memory for a picture is not the end while there is this much time.
constexpr milliseconds kWorthAnotherTry{500};

// What leads to the result of a flight. Its originals are as they were known when the flight began.
struct Work {
  FlightPtr flight;
  QueryPtr query;
  Starts starts;
};

using WorkPtr = std::shared_ptr<const Work>;

WorkPtr work_on(FlightPtr flight, QueryPtr query, Starts starts) {
  return std::make_shared<const Work>(
      Work{.flight = std::move(flight), .query = std::move(query), .starts = std::move(starts)});
}

// A flight that other nodes are asked for. Several of its branches may be under way: the fetch from
// the owner, a fetch from the node that stands in for a late owner, the load here.
struct Errand {
  explicit Errand(WorkPtr done_for) : work(std::move(done_for)) {}

  const WorkPtr work;

  Mutex mutex;
  std::vector<std::string> asked IMAGESERVER_GUARDED_BY(mutex);
  int under_way IMAGESERVER_GUARDED_BY(mutex) = 0;
  bool loads_here IMAGESERVER_GUARDED_BY(mutex) = false;
  bool has_room IMAGESERVER_GUARDED_BY(mutex) = false;  // as the node that was asked last was told
  bool was_too_much IMAGESERVER_GUARDED_BY(mutex) =
      false;  // for a node, which had no time or memory
};

using ErrandPtr = std::shared_ptr<Errand>;

// A flight to the owner and a flight here have different names even for the same key. If two nodes
// take each other for the owner, a peer's request then never waits for a fetch from that same peer.
// The fences are in the name, so that nobody joins a flight that began before a purge.
std::string flight_name(Route route, std::string_view key, const Starts& starts) {
  std::string name(route == Route::kHere ? "here" : "owner");
  for (const Start& start : starts) name.append(" ").append(std::to_string(start.begun.fence));
  return name.append(" ").append(key);
}

}  // namespace

// Every load under way holds a reference to it, as completions come from other threads.
class Group::Impl : public std::enable_shared_from_this<Group::Impl> {
 public:
  Impl(GroupOptions options, Loader& loader, PeerTransport& peers)
      : mode_(options.mode),
        keeps_own_(options.keeps_own),
        self_(std::move(options.self)),
        hot_(mode_, std::move(options.keep_hot)),
        now_(options.now ? std::move(options.now) : Clock::now),
        lookout_(std::make_shared<Lookout>(
            LookoutMeans{.known = options.known, .checker = options.checker, .peers = peers},
            std::move(options.names_of), options.stale, now_)),
        loader_(loader),
        peers_(peers),
        ring_(ring_with(mode_, self_, std::move(options.peers), std::move(options.settings))),
        caches_({.limit = options.cache_bytes,
                 .mode = mode_,
                 .policy = options.policy,
                 .smallest_share = options.smallest_share}) {}

  // What has to be looked at first was found, too.
  Looked lookup(std::string_view key, Counted counted) {
    const Clock::time_point now = now_();
    Found found = caches_.get(key, now);
    if (counted == Counted::kYes) {
      counters_.count<&GroupStats::gets>();
      if (found.image) counters_.count<&GroupStats::cache_hits>();
    }
    if (found.standing == Standing::kStale) return look_of_stale(key, std::move(found.image), now);
    if (found.standing != Standing::kFresh) {
      return {.was_cached = true, .is_unsure = found.image != nullptr};
    }
    return {.image = std::move(found.image)};
  }

  void look(const QueryPtr& query) {
    const Kept kept = caches_.peek(query->key, now_());
    if (kept.image) look_at(query, kept, {});
  }

  std::optional<milliseconds> fresh_for(const TransformSpec& spec, const Versions& made_of) const {
    return lookout_->fresh_for(spec, made_of);
  }

  bool has_versions(const TransformSpec& spec, const Versions& versions) const {
    return lookout_->fresh_for(spec, versions).value_or(milliseconds(0)) > milliseconds(0);
  }

  void keep(const Query& query, const ImagePtr& image, std::uint64_t fence) {
    Starts starts = lookout_->begin(query.spec);
    for (Start& start : starts) start.begun.fence = fence;
    put(owner(query) == self_ && keeps_own_ ? Shelf::kMain : Shelf::kHot, query.key,
        kept_of(image, starts));
  }

  Ticket load(const QueryPtr& query, Completion done, bool was_hit) {
    if (!was_hit) counters_.count<&GroupStats::loads>();
    const std::optional<std::string> peer = peer_to_ask(*query);
    const Route route = peer ? Route::kOwner : Route::kHere;
    Starts starts = lookout_->begin(query->spec);
    auto [ticket, flight, leads] =
        flights_.join(flight_name(route, query->key, starts), std::move(done));
    if (leads) lead(work_on(flight, query, std::move(starts)), peer, was_hit);
    return ticket;
  }

  bool leave(const Ticket& ticket) { return flights_.leave(ticket); }

  bool would_wait(const Query& query) const {
    if (!loader_.has_backlog() || is_unsure(query.key)) return false;
    const Starts starts = lookout_->begin(query.spec);
    return !flights_.is_under_way(flight_name(Route::kHere, query.key, starts));
  }

  void forget(std::string_view key) { caches_.forget(key); }

  void count_server_request() { counters_.count<&GroupStats::server_requests>(); }

  void set_nodes(std::vector<std::string> names) {
    const MutexLock changing(changing_mutex_);
    set_ring(ring_with(mode_, self_, std::move(names), ring()->settings()));
  }

  void set_settings(std::string settings) {
    const MutexLock changing(changing_mutex_);
    set_ring(ring_with(mode_, self_, ring()->names(), std::move(settings)));
  }

  RingPtr ring() const {
    const MutexLock lock(ring_mutex_);
    return ring_;
  }

  std::string owner(const Query& query) const { return ring()->owner(place_of(query)); }

  std::optional<double> minute_qps(std::string_view key) const {
    if (mode_ == RingMode::kGo) return std::nullopt;
    return caches_.rate(key, now_());
  }

  Stats stats() {
    const auto [main, hot] = caches_.stats(now_());
    return {.group = counters_.read(), .main = main, .hot = hot};
  }

 private:
  // The old ring is freed after the lock is gone.
  void set_ring(RingPtr ring) {
    const MutexLock lock(ring_mutex_);
    ring_.swap(ring);
  }

  // By what the query's answer is placed on the ring.
  [[nodiscard]] std::string place_of(const Query& query) const {
    if (mode_ == RingMode::kGo) return query.key;
    return lookout_->names_of(query.spec).front();
  }

  Looked look_of_stale(std::string_view key, ImagePtr image, Clock::time_point now) const {
    Looked looked{.image = std::move(image), .stale_since = milliseconds(0)};
    for (const Mark& mark : caches_.peek(key, now).marks) {
      const auto ago = std::chrono::duration_cast<milliseconds>(-mark.original->fresh_for(now));
      looked.stale_since = std::max(*looked.stale_since, ago);
      if (mark.original->is_to_be_looked_at(now)) looked.wants_look = true;
    }
    return looked;
  }

  [[nodiscard]] bool is_unsure(std::string_view key) const {
    const Clock::time_point now = now_();
    return standing(caches_.peek(key, now).marks, now) == Standing::kUnsure;
  }

  // The owner that the query's picture is fetched from; none if this node makes the picture.
  [[nodiscard]] std::optional<std::string> peer_to_ask(const Query& query) const {
    if (query.from == Query::From::kPeer) return std::nullopt;
    const RingPtr ring = this->ring();
    const std::string& owner = ring->owner(place_of(query));
    return owner == self_ ? std::nullopt : std::optional(owner);
  }

  // Starts the work of a new flight, after a second look into the caches: request A may have missed
  // just before request B's flight for the same key ended and filled the cache. Without the second
  // look the picture would be made twice.
  void lead(const WorkPtr& work, const std::optional<std::string>& peer, bool was_hit) {
    if (was_hit) return look_first(work, peer);
    Found found = caches_.get(work->query->key, now_());
    if (!found.image) return begin(work, peer);
    if (found.standing == Standing::kUnsure) return look_first(work, peer);
    counters_.count<&GroupStats::cache_hits>();
    flights_.finish(work->flight, std::move(found.image));
  }

  void begin(const WorkPtr& work, const std::optional<std::string>& peer) {
    counters_.count<&GroupStats::loads_deduped>();
    run_or_end(work->flight,
               [&] { peer ? ask(std::make_shared<Errand>(work), *peer) : load_here(work); });
  }

  // The picture is cached, and is the flight's result if a look finds it right. Its Gets were
  // counted as hits.
  void look_first(const WorkPtr& work, const std::optional<std::string>& peer) {
    run_or_end(work->flight, [&] {
      const Kept kept = caches_.peek(work->query->key, now_());
      look_at(work->query, kept,
              [self = shared_from_this(), work, peer, before = sights_of(kept.marks)] {
                self->run_or_end(work->flight, [&] { self->looked(work, peer, before); });
              });
    });
  }

  void looked(const WorkPtr& work, const std::optional<std::string>& peer, const Sights& before) {
    const FlightPtr& flight = work->flight;
    if (flight->stop.stop_requested()) return flights_.finish(flight, cancelled());
    const Clock::time_point now = now_();
    Kept kept = caches_.peek(work->query->key, now);
    if (kept.image && standing_after_look(kept.marks, now, before) <= Standing::kStale) {
      // A look that began before a purge has seen nothing.
      if (wants_another_look(kept.marks, now, before)) return look_first(work, peer);
      return flights_.finish(flight, std::move(kept.image));
    }
    counters_.count<&GroupStats::loads>();
    begin(work, peer);
  }

  // Looks at all that `kept`, the cached answer to the query, was made of, and then calls `then`,
  // which may be empty. Nodes of a Go ring know nothing of versions.
  void look_at(const QueryPtr& query, const Kept& kept, std::function<void()> then) {
    const auto owner = mode_ == RingMode::kGo ? std::nullopt : peer_to_ask(*query);
    lookout_->look(query, kept, owner, std::move(then),
                   [self = shared_from_this(), query,
                    starts = lookout_->begin(query->spec)](const ImagePtr& newer) {
                     newer ? self->put(Shelf::kHot, query->key, self->kept_of(newer, starts))
                           : self->caches_.forget(query->key);
                   });
  }

  // What was made of an original that was replaced or purged meanwhile is not kept.
  void put(Shelf shelf, std::string_view key, Kept kept,
           std::optional<Clock::duration> lifetime = std::nullopt) {
    const Clock::time_point now = now_();
    if (standing(kept.marks, now) == Standing::kReplaced) return;
    caches_.put(shelf, key, std::move(kept), now, lifetime);
  }

  [[nodiscard]] Kept kept_of(const ImagePtr& image, const Starts& starts) const {
    return {image, lookout_->marks_of(starts, image->made_of)};
  }

  // Of which version it was made, nobody says.
  void put_of_go(const Work& work, const ImagePtr& image) {
    put(Shelf::kHot, work.query->key, {image, lookout_->marks_of(work.starts, {})},
        lookout_->lifetime(work.query->spec));
  }

  // Runs the step. If it throws, the flight ends with an error, so that its key is free again.
  template <class Step>
  void run_or_end(const FlightPtr& flight, const Step& step) {
    try {
      step();
    } catch (const std::exception& exception) {
      log::error("a load ended with an exception: {}", exception.what());
      flights_.finish(flight, Error{ErrorKind::kInternal, "internal error"});
    } catch (...) {
      flights_.finish(flight, Error{ErrorKind::kInternal, "internal error"});
    }
  }

  void ask(const ErrandPtr& errand, const std::string& node) {
    const PeerTransport::Terms terms = begin_asking(*errand, node);
    PeerTransport::Events events;
    events.done = [self = shared_from_this(), errand](const PeerTransport::Outcome& outcome) {
      self->run_or_end(errand->work->flight, [&] { self->fetched(errand, outcome); });
    };
    events.late = [self = shared_from_this(), errand] {
      self->run_or_end(errand->work->flight, [&] { self->hedge(errand); });
    };
    peers_.fetch(node, terms, errand->work->query, errand->work->flight->stop.get_token(),
                 std::move(events));
  }

  // Begins the branch that fetches from `node`.
  PeerTransport::Terms begin_asking(Errand& errand, const std::string& node) {
    const bool has_room = !loader_.has_backlog();
    const MutexLock lock(errand.mutex);
    const bool is_first = errand.asked.empty();
    errand.asked.push_back(node);
    ++errand.under_way;
    errand.has_room = has_room;
    return {.role = is_first ? PeerTransport::Role::kOwner : PeerTransport::Role::kStandIn,
            .may_decline = has_room && mode_ == RingMode::kBalanced};
  }

  // Asks the next node, or loads here, while the node that was asked is still waited for. A node of
  // a Go ring is never late.
  void hedge(const ErrandPtr& errand) {
    const Error late{ErrorKind::kUnreachable, "no answer in time"};
    if (!errand->work->flight->stop.stop_requested()) ask_next(errand, late);
  }

  void fetched(const ErrandPtr& errand, const PeerTransport::Outcome& outcome) {
    const FlightPtr& flight = errand->work->flight;
    if (flight->stop.stop_requested()) return flights_.finish(flight, outcome.image);
    if (outcome.image.has_value()) {
      counters_.count<&GroupStats::peer_loads>();
      keep_fetched(*errand->work, outcome);
      return conclude(errand, outcome.image);
    }
    if (is_error(*errand, outcome.failure)) counters_.count<&GroupStats::peer_errors>();
    if (outcome.failure == PeerTransport::Failure::kFinal) return conclude(errand, outcome.image);
    if (ends_last(*errand)) go_on(errand, outcome);
  }

  // What the owner says of its versions counts for all pictures of the original that are here.
  void keep_fetched(const Work& work, const PeerTransport::Outcome& outcome) {
    const ImagePtr& image = *outcome.image;
    if (outcome.is_outdated) return;
    if (mode_ != RingMode::kGo) {
      lookout_->owner_sees(work.starts, image->made_of, outcome.fresh_for);
    }
    if (!hot_.keeps(outcome.minute_qps)) return;
    mode_ == RingMode::kGo ? put_of_go(work, image)
                           : put(Shelf::kHot, work.query->key, kept_of(image, work.starts));
  }

  // A node that leaves the load to this one, as it may, does nothing wrong. In a Go ring no node
  // may.
  [[nodiscard]] bool is_error(Errand& errand, PeerTransport::Failure failure) const {
    if (failure == PeerTransport::Failure::kNotAsked) return false;
    if (failure != PeerTransport::Failure::kBusy || mode_ == RingMode::kGo) return true;
    return !has_room(errand);
  }

  [[nodiscard]] static bool has_room(Errand& errand) {
    const MutexLock lock(errand.mutex);
    return errand.has_room;
  }

  // Ends the flight, and stops the branches that are still under way.
  void conclude(const ErrandPtr& errand, const Result<ImagePtr>& result) {
    flights_.finish(errand->work->flight, result);
    errand->work->flight->stop.request_stop();
  }

  // A branch has ended without a result. False if others are under way: the last one decides.
  [[nodiscard]] static bool ends_last(Errand& errand) {
    const MutexLock lock(errand.mutex);
    return --errand.under_way == 0;
  }

  void go_on(const ErrandPtr& errand, const PeerTransport::Outcome& outcome) {
    switch (outcome.failure) {
      case PeerTransport::Failure::kFinal:
        return conclude(errand, outcome.image);
      case PeerTransport::Failure::kSpent:
        return may_try_another(*errand) ? ask_next(errand, outcome.image)
                                        : conclude(errand, outcome.image);
      case PeerTransport::Failure::kBusy:
        // If this node had a backlog too, the 503 is passed on: one more render would not be
        // sooner.
        // An original that its owner has no room for is fetched by nobody else instead.
        return has_room(*errand) && errand->work->query->of != Query::Of::kOriginal
                   ? fall_back(errand, outcome.image)
                   : conclude(errand, outcome.image);
      case PeerTransport::Failure::kAway:
        return ask_next(errand, outcome.image);
      case PeerTransport::Failure::kBad:
      case PeerTransport::Failure::kNotAsked:
        return fall_back(errand, outcome.image);
    }
  }

  // Whether a picture that was too much for one node is tried elsewhere: once, while there is time.
  [[nodiscard]] bool may_try_another(Errand& errand) const {
    const MutexLock lock(errand.mutex);
    const bool is_first = !std::exchange(errand.was_too_much, true);
    return is_first && errand.work->query->deadline - now_() >= kWorthAnotherTry;
  }

  // `failed`: the result if there is no way left.
  void ask_next(const ErrandPtr& errand, const Result<ImagePtr>& failed) {
    const std::string node = next_node(*errand);
    node == self_ ? fall_back(errand, failed) : ask(errand, node);
  }

  // The first node on the circle that was not asked and is not known to be away. All nodes that see
  // the same ring choose the same one, so that the key is still rendered once. Go nodes have no
  // stand-ins: in their ring each node renders for itself.
  [[nodiscard]] std::string next_node(Errand& errand) const {
    std::string found = self_;
    if (mode_ == RingMode::kGo) return found;
    const Progress progress = progress_of(errand);
    if (progress.asked.size() >= kMostAsked) return found;
    ring()->walk(place_of(*errand.work->query), [&](const std::string& name) {
      const bool is_out = name == self_ ? progress.loads_here : peers_.is_away(name);
      if (is_out || std::ranges::find(progress.asked, name) != progress.asked.end()) return true;
      found = name;
      return false;
    });
    return found;
  }

  struct Progress {
    std::vector<std::string> asked;
    bool loads_here;
  };

  [[nodiscard]] static Progress progress_of(Errand& errand) {
    const MutexLock lock(errand.mutex);
    return {errand.asked, errand.loads_here};
  }

  // Begins the branch that loads here. False if this errand has begun it before.
  [[nodiscard]] static bool begin_here(Errand& errand) {
    const MutexLock lock(errand.mutex);
    if (std::exchange(errand.loads_here, true)) return false;
    ++errand.under_way;
    return true;
  }

  [[nodiscard]] static bool is_under_way(Errand& errand) {
    const MutexLock lock(errand.mutex);
    return errand.under_way > 0;
  }

  // Loads the picture here, or joins the load of this key that is under way here. `failed`: the
  // result if that was done before, and in vain.
  void fall_back(const ErrandPtr& errand, const Result<ImagePtr>& failed) {
    if (!begin_here(*errand)) return is_under_way(*errand) ? void() : conclude(errand, failed);
    const FlightPtr& flight = errand->work->flight;
    const QueryPtr& query = errand->work->query;
    const Starts& starts = errand->work->starts;
    auto [ticket, here, leads] =
        flights_.join(flight_name(Route::kHere, query->key, starts),
                      [self = shared_from_this(), errand](const Result<ImagePtr>& result) {
                        if (result.has_value() || ends_last(*errand))
                          self->conclude(errand, result);
                      });
    flight->on_stop.emplace(flight->stop.get_token(),
                            [self = shared_from_this(), ticket] { self->leave(ticket); });
    if (!leads) return;
    // A peer's request may have made the picture here meanwhile.
    const Clock::time_point now = now_();
    Kept kept = caches_.peek(query->key, now);
    if (kept.image && standing(kept.marks, now) <= Standing::kStale) {
      return flights_.finish(here, std::move(kept.image));
    }
    run_or_end(here, [&] { load_here(work_on(here, query, starts)); });
  }

  void load_here(const WorkPtr& work) {
    loader_.load(work->query, work->flight->stop.get_token(),
                 [self = shared_from_this(), work](const Result<ImagePtr>& result) {
                   self->run_or_end(work->flight, [&] { self->loaded(work, result); });
                 });
  }

  void loaded(const WorkPtr& work, const Result<ImagePtr>& result) {
    if (result.has_error()) {
      counters_.count<&GroupStats::local_load_errs>();
      return flights_.finish(work->flight, result);
    }
    counters_.count<&GroupStats::local_loads>();
    // A picture that another node owns goes to hot: it is kept only until its owner is back.
    const bool stays = keeps_own_ && owner(*work->query) == self_;
    const Kept kept = kept_of(*result, work->starts);
    put(stays ? Shelf::kMain : Shelf::kHot, work->query->key, kept);
    // The flight ends after the cache is filled, so that every request finds one of the two.
    finish_loaded(work, kept);
  }

  // A load may take longer than its original is believed in. Then somebody looks once more, so that
  // the answer is fresh.
  void finish_loaded(const WorkPtr& work, const Kept& loaded) {
    if (standing(loaded.marks, now_()) != Standing::kUnsure) {
      return flights_.finish(work->flight, loaded.image);
    }
    lookout_->look(work->query, loaded, std::nullopt,
                   [self = shared_from_this(), work, image = loaded.image] {
                     self->flights_.finish(work->flight, image);
                   },
                   {});
  }

  const RingMode mode_;
  const bool keeps_own_;
  const std::string self_;
  const HotPolicy hot_;
  const std::function<Clock::time_point()> now_;
  const std::shared_ptr<Lookout> lookout_;
  Loader& loader_;
  PeerTransport& peers_;
  Mutex changing_mutex_;  // held while a new ring is made of the old one
  mutable Mutex ring_mutex_;
  RingPtr ring_ IMAGESERVER_GUARDED_BY(ring_mutex_);  // the ring itself never changes
  CachePair caches_;
  Singleflight flights_;
  LiveCounters counters_;
};

Group::Group(GroupOptions options, Loader& loader, PeerTransport& peers)
    : impl_(std::make_shared<Impl>(std::move(options), loader, peers)) {}

Group::~Group() = default;

Group::Looked Group::lookup(std::string_view key, Counted counted) {
  return impl_->lookup(key, counted);
}

void Group::look(const QueryPtr& query) { impl_->look(query); }

std::optional<milliseconds> Group::fresh_for(const TransformSpec& spec,
                                             const Versions& made_of) const {
  return impl_->fresh_for(spec, made_of);
}

bool Group::has_versions(const TransformSpec& spec, const Versions& versions) const {
  return impl_->has_versions(spec, versions);
}

void Group::keep(const Query& query, const ImagePtr& image, std::uint64_t fence) {
  impl_->keep(query, image, fence);
}

Ticket Group::load(const QueryPtr& query, Completion done, bool is_unsure) {
  return impl_->load(query, std::move(done), is_unsure);
}

bool Group::leave(const Ticket& ticket) { return impl_->leave(ticket); }

bool Group::would_wait(const Query& query) const { return impl_->would_wait(query); }

void Group::forget(std::string_view key) { impl_->forget(key); }

void Group::count_server_request() { impl_->count_server_request(); }

void Group::set_nodes(std::vector<std::string> names) { impl_->set_nodes(std::move(names)); }

void Group::set_settings(std::string settings) { impl_->set_settings(std::move(settings)); }

std::string Group::owner(const Query& query) const { return impl_->owner(query); }

RingView Group::ring() const {
  const RingPtr ring = impl_->ring();
  RingView view{ring->mode(), ring->fingerprint(), ring->settings(), {}};
  const std::vector<double> shares = ring->shares();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    view.nodes.push_back({ring->names()[i], shares[i]});
  }
  return view;
}

std::string Group::fingerprint() const { return impl_->ring()->fingerprint(); }

std::string Group::settings() const { return impl_->ring()->settings(); }

std::optional<double> Group::minute_qps(std::string_view key) const {
  return impl_->minute_qps(key);
}

Stats Group::stats() const { return impl_->stats(); }

}  // namespace imageserver
