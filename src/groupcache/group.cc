#include "groupcache/group.h"

#include <atomic>
#include <exception>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "groupcache/cache_pair.h"
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

// Whether a Get may be answered by another node. One that must be answered here never waits for one
// that is on its way elsewhere: two nodes that each take the other for the owner would wait for
// each other. So the two have flights of their own, by name.
enum class Route : std::uint8_t { kHere, kOwner };

std::string flight_name(Route route, std::string_view key) {
  return std::string(route == Route::kHere ? "here " : "owner ").append(key);
}

// Counts events; read while others count.
class Counter {
 public:
  void operator++() { count_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace

// Kept alive by every load under way, as completions come back from other threads.
class Group::Impl : public std::enable_shared_from_this<Group::Impl> {
 public:
  Impl(GroupOptions options, Loader& loader, Peers& peers)
      : mode_(options.mode),
        self_(std::move(options.self)),
        keep_hot_(options.keep_hot ? std::move(options.keep_hot) : one_in_ten),
        now_(options.now ? std::move(options.now) : Clock::now),
        loader_(loader),
        peers_(peers),
        ring_(ring_with(mode_, self_, std::move(options.peers))),
        caches_(options.cache_bytes, mode_, options.policy) {}

  ImagePtr lookup(std::string_view key) {
    ++gets_;
    ImagePtr image = caches_.get(key, now_());
    if (image) ++cache_hits_;
    return image;
  }

  Ticket load(const QueryPtr& query, Completion done) {
    ++loads_;
    const std::optional<std::string> peer = peer_to_ask(*query);
    const Route route = peer ? Route::kOwner : Route::kHere;
    auto [ticket, flight, leads] = flights_.join(flight_name(route, query->key), std::move(done));
    if (leads) lead(flight, query, peer);
    return ticket;
  }

  bool leave(const Ticket& ticket) { return flights_.leave(ticket); }

  void count_server_request() { ++server_requests_; }

  void set_nodes(std::vector<std::string> names) {
    // Built before the lock is taken, and the old one freed after it is given up.
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
    const auto [main, hot] = caches_.figures(now_());
    return {.group = {.gets = gets_.value(),
                      .cache_hits = cache_hits_.value(),
                      .peer_loads = peer_loads_.value(),
                      .peer_errors = peer_errors_.value(),
                      .loads = loads_.value(),
                      .loads_deduped = loads_deduped_.value(),
                      .local_loads = local_loads_.value(),
                      .local_load_errs = local_load_errs_.value(),
                      .server_requests = server_requests_.value()},
            .main = main,
            .hot = hot};
  }

 private:
  enum class Role : std::uint8_t { kOwner, kStandIn };

  struct Asked {
    std::string node;
    Role role;
  };

  // The owner of what this node has to fetch; none for what it makes itself.
  [[nodiscard]] std::optional<std::string> peer_to_ask(const Query& query) const {
    if (query.from == Query::From::kPeer) return std::nullopt;
    const RingPtr ring = this->ring();
    const std::string& owner = ring->owner(query.key);
    return owner == self_ ? std::nullopt : std::optional(owner);
  }

  // The caches are looked at once more: A misses, B's flight for the same key ends and fills the
  // cache, A joins and finds no flight. Without this look the picture would be made twice.
  void lead(const FlightPtr& flight, const QueryPtr& query,
            const std::optional<std::string>& peer) {
    if (ImagePtr image = caches_.get(query->key, now_())) {
      ++cache_hits_;
      flights_.finish(flight, std::move(image));
      return;
    }
    ++loads_deduped_;
    guarded(flight,
            [&] { peer ? ask(flight, query, *peer, Role::kOwner) : load_here(flight, query); });
  }

  // Whatever a loader throws, the flight ends and its key is free again.
  template <class Step>
  void guarded(const FlightPtr& flight, const Step& step) {
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
    peers_.fetch(node, query, flight->stop.get_token(),
                 [self = shared_from_this(), flight, query, node, role](Peers::Answer answer) {
                   self->guarded(flight,
                                 [&] { self->fetched(flight, query, answer, {node, role}); });
                 });
  }

  void fetched(const FlightPtr& flight, const QueryPtr& query, const Peers::Answer& answer,
               const Asked& asked) {
    if (answer.image.has_value()) {
      ++peer_loads_;
      if (is_hot(answer)) caches_.put(Shelf::kHot, query->key, *answer.image, now_());
      return flights_.finish(flight, answer.image);
    }
    if (flight->stop.stop_requested()) return flights_.finish(flight, answer.image);
    if (answer.failure != Peers::Failure::kNotAsked) ++peer_errors_;
    go_on(flight, query, answer, asked);
  }

  [[nodiscard]] bool is_hot(const Peers::Answer& answer) const {
    const bool says = mode_ == RingMode::kBalanced && answer.minute_qps.has_value();
    return says ? *answer.minute_qps >= kHotQps : keep_hot_();
  }

  void go_on(const FlightPtr& flight, const QueryPtr& query, const Peers::Answer& answer,
             const Asked& asked) {
    switch (answer.failure) {
      case Peers::Failure::kFinal:
        return flights_.finish(flight, answer.image);
      case Peers::Failure::kBusy:
        // Where there is as much to do as there, one more load would be in nobody's interest.
        if (loader_.has_backlog()) return flights_.finish(flight, answer.image);
        return fall_back(flight, query);
      case Peers::Failure::kAway:
        if (asked.role == Role::kOwner) return ask_stand_in(flight, query, asked.node);
        return fall_back(flight, query);
      case Peers::Failure::kBad:
      case Peers::Failure::kNotAsked:
        return fall_back(flight, query);
    }
  }

  void ask_stand_in(const FlightPtr& flight, const QueryPtr& query, const std::string& away) {
    const std::string node = stand_in(query->key, away);
    if (node == self_) return fall_back(flight, query);
    ask(flight, query, node, Role::kStandIn);
  }

  // The first node on the circle that is neither the one that was asked nor known to be away: the
  // same on all nodes that see the same, so that the key is still rendered once. In a ring with Go
  // nodes, who know of no such custom, everybody helps himself.
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

  // Waits, as anybody else would, for the one load of this key here.
  void fall_back(const FlightPtr& flight, const QueryPtr& query) {
    auto [ticket, here, leads] =
        flights_.join(flight_name(Route::kHere, query->key),
                      [self = shared_from_this(), flight](const Result<ImagePtr>& result) {
                        self->flights_.finish(flight, result);
                      });
    flight->on_stop.emplace(flight->stop.get_token(),
                            [self = shared_from_this(), ticket] { self->leave(ticket); });
    if (!leads) return;
    // It may have been made here meanwhile, at a peer's request.
    if (ImagePtr image = caches_.peek(query->key, now_())) {
      return flights_.finish(here, std::move(image));
    }
    guarded(here, [&] { load_here(here, query); });
  }

  void load_here(const FlightPtr& flight, const QueryPtr& query) {
    loader_.load(query, flight->stop.get_token(),
                 [self = shared_from_this(), flight, query](const Result<ImagePtr>& result) {
                   self->guarded(flight, [&] { self->loaded(flight, query, result); });
                 });
  }

  void loaded(const FlightPtr& flight, const QueryPtr& query, const Result<ImagePtr>& result) {
    if (result.has_value()) {
      ++local_loads_;
      // What another node owns is here only until that node answers again.
      const Shelf shelf = ring()->owner(query->key) == self_ ? Shelf::kMain : Shelf::kHot;
      caches_.put(shelf, query->key, *result, now_());
    } else {
      ++local_load_errs_;
    }
    // Only now, with the cache filled: who asks in between finds the flight or the picture.
    flights_.finish(flight, result);
  }

  const RingMode mode_;
  const std::string self_;
  const std::function<bool()> keep_hot_;
  const std::function<Clock::time_point()> now_;
  Loader& loader_;
  Peers& peers_;
  mutable Mutex ring_mutex_;
  RingPtr ring_ IMAGESERVER_GUARDED_BY(ring_mutex_);  // what it points to never changes
  CachePair caches_;
  Singleflight flights_;

  Counter gets_;
  Counter cache_hits_;
  Counter peer_loads_;
  Counter peer_errors_;
  Counter loads_;
  Counter loads_deduped_;
  Counter local_loads_;
  Counter local_load_errs_;
  Counter server_requests_;
};

Group::Group(GroupOptions options, Loader& loader, Peers& peers)
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
