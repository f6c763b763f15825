#include "groupcache/group.h"

#include <exception>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "groupcache/cache_pair.h"
#include "groupcache/live_counters.h"
#include "groupcache/ring.h"
#include "groupcache/singleflight.h"

namespace imageserver {
namespace {

bool one_in_ten() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<int>(0, 9)(random) == 0;
}

using RingPtr = std::shared_ptr<const Ring>;

RingPtr ring_with(RingMode mode, const std::string& self, std::vector<std::string> names) {
  names.push_back(self);
  return std::make_shared<const Ring>(mode, std::move(names));
}

// Where a Get is answered: here, or by the owner. A flight to the owner and a flight here have
// different names even for the same key. If two nodes take each other for the owner, a peer's
// request then never waits for a fetch from that same peer.
enum class Route : std::uint8_t { kHere, kOwner };

std::string flight_name(Route route, std::string_view key) {
  return std::string(route == Route::kHere ? "here " : "owner ").append(key);
}

}  // namespace

// Every load under way holds a reference to it, as completions come from other threads.
class Group::Impl : public std::enable_shared_from_this<Group::Impl> {
 public:
  Impl(GroupOptions options, Loader& loader, PeerTransport& peers)
      : mode_(options.mode),
        self_(std::move(options.self)),
        keep_hot_(options.keep_hot ? std::move(options.keep_hot) : one_in_ten),
        now_(options.now ? std::move(options.now) : Clock::now),
        loader_(loader),
        peers_(peers),
        ring_(ring_with(mode_, self_, std::move(options.peers))),
        caches_(options.cache_bytes, mode_, options.policy) {}

  ImagePtr lookup(std::string_view key) {
    counters_.count<&GroupStats::gets>();
    ImagePtr image = caches_.get(key, now_());
    if (image) counters_.count<&GroupStats::cache_hits>();
    return image;
  }

  Ticket load(const QueryPtr& query, Completion done) {
    counters_.count<&GroupStats::loads>();
    const std::optional<std::string> peer = peer_to_ask(*query);
    const Route route = peer ? Route::kOwner : Route::kHere;
    auto [ticket, flight, leads] = flights_.join(flight_name(route, query->key), std::move(done));
    if (leads) lead(flight, query, peer);
    return ticket;
  }

  bool leave(const Ticket& ticket) { return flights_.leave(ticket); }

  void count_server_request() { counters_.count<&GroupStats::server_requests>(); }

  void set_nodes(std::vector<std::string> names) {
    // The new ring is built before the lock is taken; the old ring is freed after the lock is gone.
    RingPtr ring = ring_with(mode_, self_, std::move(names));
    const MutexLock lock(ring_mutex_);
    ring_.swap(ring);
  }

  RingPtr ring() const {
    const MutexLock lock(ring_mutex_);
    return ring_;
  }

  std::optional<double> minute_qps(std::string_view key) const {
    if (mode_ == RingMode::kGo) return std::nullopt;
    return caches_.rate(key, now_());
  }

  Stats stats() {
    const auto [main, hot] = caches_.stats(now_());
    return {.group = counters_.read(), .main = main, .hot = hot};
  }

 private:
  enum class Role : std::uint8_t { kOwner, kStandIn };

  struct Asked {
    std::string node;
    Role role;
  };

  // The owner that the query's picture is fetched from; none if this node makes the picture.
  [[nodiscard]] std::optional<std::string> peer_to_ask(const Query& query) const {
    if (query.from == Query::From::kPeer) return std::nullopt;
    const RingPtr ring = this->ring();
    const std::string& owner = ring->owner(query.key);
    return owner == self_ ? std::nullopt : std::optional(owner);
  }

  // Starts the work of a new flight, after a second look into the caches: request A may have missed
  // just before request B's flight for the same key ended and filled the cache. Without the second
  // look the picture would be made twice.
  void lead(const FlightPtr& flight, const QueryPtr& query,
            const std::optional<std::string>& peer) {
    if (ImagePtr image = caches_.get(query->key, now_())) {
      counters_.count<&GroupStats::cache_hits>();
      flights_.finish(flight, std::move(image));
      return;
    }
    counters_.count<&GroupStats::loads_deduped>();
    run_or_end(flight,
               [&] { peer ? ask(flight, query, *peer, Role::kOwner) : load_here(flight, query); });
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

  void ask(const FlightPtr& flight, const QueryPtr& query, const std::string& node, Role role) {
    peers_.fetch(
        node, query, flight->stop.get_token(),
        [self = shared_from_this(), flight, query, node, role](PeerTransport::Outcome outcome) {
          self->run_or_end(flight, [&] { self->fetched(flight, query, outcome, {node, role}); });
        });
  }

  void fetched(const FlightPtr& flight, const QueryPtr& query,
               const PeerTransport::Outcome& outcome, const Asked& asked) {
    if (outcome.image.has_value()) {
      counters_.count<&GroupStats::peer_loads>();
      if (is_hot(outcome)) caches_.put(Shelf::kHot, query->key, *outcome.image, now_());
      return flights_.finish(flight, outcome.image);
    }
    if (flight->stop.stop_requested()) return flights_.finish(flight, outcome.image);
    if (outcome.failure != PeerTransport::Failure::kNotAsked) {
      counters_.count<&GroupStats::peer_errors>();
    }
    go_on(flight, query, outcome, asked);
  }

  [[nodiscard]] bool is_hot(const PeerTransport::Outcome& outcome) const {
    const bool says = mode_ == RingMode::kBalanced && outcome.minute_qps.has_value();
    return says ? *outcome.minute_qps >= kHotQps : keep_hot_();
  }

  void go_on(const FlightPtr& flight, const QueryPtr& query, const PeerTransport::Outcome& outcome,
             const Asked& asked) {
    switch (outcome.failure) {
      case PeerTransport::Failure::kFinal:
        return flights_.finish(flight, outcome.image);
      case PeerTransport::Failure::kBusy:
        // If this node has a backlog too, the 503 is passed on: one more render would not be
        // sooner.
        if (loader_.has_backlog()) return flights_.finish(flight, outcome.image);
        return fall_back(flight, query);
      case PeerTransport::Failure::kAway:
        if (asked.role == Role::kOwner) return ask_stand_in(flight, query, asked.node);
        return fall_back(flight, query);
      case PeerTransport::Failure::kBad:
      case PeerTransport::Failure::kNotAsked:
        return fall_back(flight, query);
    }
  }

  void ask_stand_in(const FlightPtr& flight, const QueryPtr& query, const std::string& away) {
    const std::string node = stand_in(query->key, away);
    if (node == self_) return fall_back(flight, query);
    ask(flight, query, node, Role::kStandIn);
  }

  // The first node on the circle that was not asked and is not known to be away. All nodes that see
  // the same ring choose the same stand-in, so that the key is still rendered once. Go nodes have
  // no stand-ins: in their ring each node renders for itself.
  [[nodiscard]] std::string stand_in(std::string_view key, const std::string& asked) const {
    std::string found = self_;
    if (mode_ == RingMode::kGo) return found;
    ring()->walk(key, [&](const std::string& name) {
      if (name == asked || (name != self_ && peers_.is_away(name))) return true;
      found = name;
      return false;
    });
    return found;
  }

  // Loads the picture here, or joins the load of this key that is under way here.
  void fall_back(const FlightPtr& flight, const QueryPtr& query) {
    auto [ticket, here, leads] =
        flights_.join(flight_name(Route::kHere, query->key),
                      [self = shared_from_this(), flight](const Result<ImagePtr>& result) {
                        self->flights_.finish(flight, result);
                      });
    flight->on_stop.emplace(flight->stop.get_token(),
                            [self = shared_from_this(), ticket] { self->leave(ticket); });
    if (!leads) return;
    // A peer's request may have made the picture here meanwhile.
    if (ImagePtr image = caches_.peek(query->key, now_())) {
      return flights_.finish(here, std::move(image));
    }
    run_or_end(here, [&] { load_here(here, query); });
  }

  void load_here(const FlightPtr& flight, const QueryPtr& query) {
    loader_.load(query, flight->stop.get_token(),
                 [self = shared_from_this(), flight, query](const Result<ImagePtr>& result) {
                   self->run_or_end(flight, [&] { self->loaded(flight, query, result); });
                 });
  }

  void loaded(const FlightPtr& flight, const QueryPtr& query, const Result<ImagePtr>& result) {
    if (result.has_value()) {
      counters_.count<&GroupStats::local_loads>();
      // A picture that another node owns goes to hot: it is kept only until its owner is back.
      const Shelf shelf = ring()->owner(query->key) == self_ ? Shelf::kMain : Shelf::kHot;
      caches_.put(shelf, query->key, *result, now_());
    } else {
      counters_.count<&GroupStats::local_load_errs>();
    }
    // The flight ends after the cache is filled, so that every request finds one of the two.
    flights_.finish(flight, result);
  }

  const RingMode mode_;
  const std::string self_;
  const std::function<bool()> keep_hot_;
  const std::function<Clock::time_point()> now_;
  Loader& loader_;
  PeerTransport& peers_;
  mutable Mutex ring_mutex_;
  RingPtr ring_ IMAGESERVER_GUARDED_BY(ring_mutex_);  // the ring itself never changes
  CachePair caches_;
  Singleflight flights_;
  LiveCounters counters_;
};

Group::Group(GroupOptions options, Loader& loader, PeerTransport& peers)
    : impl_(std::make_shared<Impl>(std::move(options), loader, peers)) {}

Group::~Group() = default;

ImagePtr Group::lookup(std::string_view key) { return impl_->lookup(key); }

Ticket Group::load(const QueryPtr& query, Completion done) {
  return impl_->load(query, std::move(done));
}

bool Group::leave(const Ticket& ticket) { return impl_->leave(ticket); }

void Group::count_server_request() { impl_->count_server_request(); }

void Group::set_nodes(std::vector<std::string> names) { impl_->set_nodes(std::move(names)); }

std::string Group::owner(std::string_view key) const { return impl_->ring()->owner(key); }

RingView Group::ring() const {
  const RingPtr ring = impl_->ring();
  RingView view{ring->mode(), ring->fingerprint(), {}};
  const std::vector<double> shares = ring->shares();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    view.nodes.push_back({ring->names()[i], shares[i]});
  }
  return view;
}

std::string Group::fingerprint() const { return impl_->ring()->fingerprint(); }

std::optional<double> Group::minute_qps(std::string_view key) const {
  return impl_->minute_qps(key);
}

Stats Group::stats() const { return impl_->stats(); }

}  // namespace imageserver
