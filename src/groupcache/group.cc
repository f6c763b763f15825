#include "imageserver/group.h"

#include <atomic>
#include <exception>
#include <random>
#include <utility>

#include "base/log.h"
#include "groupcache/cache_pair.h"
#include "groupcache/ring.h"
#include "groupcache/singleflight.h"

namespace imageserver {
namespace {

bool one_in_ten() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<int>(0, 9)(random) == 0;
}

std::vector<std::string> names_on_ring(const GroupOptions& options) {
  std::vector<std::string> names{options.self};
  names.insert(names.end(), options.peers.begin(), options.peers.end());
  return names;
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
      : ring_(names_on_ring(options)),
        self_(std::move(options.self)),
        keep_hot_(options.keep_hot ? std::move(options.keep_hot) : one_in_ten),
        loader_(loader),
        peers_(peers),
        caches_(options.cache_bytes) {}

  ImagePtr lookup(std::string_view key) {
    ++gets_;
    ImagePtr image = caches_.get(key);
    if (image) ++cache_hits_;
    return image;
  }

  Ticket load(const QueryPtr& query, Completion done) {
    ++loads_;
    const Route route = route_of(*query);
    auto [ticket, flight, leads] = flights_.join(flight_name(route, query->key), std::move(done));
    if (leads) lead(flight, query, route);
    return ticket;
  }

  bool leave(const Ticket& ticket) { return flights_.leave(ticket); }

  void count_server_request() { ++server_requests_; }

  const std::string& owner(std::string_view key) const { return ring_.owner(key); }

  Stats stats() const {
    const auto [main, hot] = caches_.figures();
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
  [[nodiscard]] Route route_of(const Query& query) const {
    const bool ask = query.from == Query::From::kClient && owner(query.key) != self_;
    return ask ? Route::kOwner : Route::kHere;
  }

  // The caches are looked at once more: A misses, B's flight for the same key ends and fills the
  // cache, A joins and finds no flight. Without this look the picture would be made twice.
  void lead(const FlightPtr& flight, const QueryPtr& query, Route route) {
    if (ImagePtr image = caches_.get(query->key)) {
      ++cache_hits_;
      flights_.finish(flight, std::move(image));
      return;
    }
    ++loads_deduped_;
    guarded(flight,
            [&] { route == Route::kOwner ? fetch(flight, query) : load_here(flight, query); });
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

  void fetch(const FlightPtr& flight, const QueryPtr& query) {
    peers_.fetch(owner(query->key), query, flight->stop.get_token(),
                 [self = shared_from_this(), flight, query](Peers::Answer answer) {
                   self->guarded(flight, [&] { self->fetched(flight, query, answer); });
                 });
  }

  void fetched(const FlightPtr& flight, const QueryPtr& query, const Peers::Answer& answer) {
    if (answer.image.has_value()) {
      ++peer_loads_;
      if (keep_hot_()) caches_.put(Shelf::kHot, query->key, *answer.image);
      flights_.finish(flight, answer.image);
    } else if (flight->stop.stop_requested()) {
      flights_.finish(flight, answer.image);
    } else {
      ++peer_errors_;
      answer.final ? flights_.finish(flight, answer.image) : fall_back(flight, query);
    }
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
    if (leads) guarded(here, [&] { load_here(here, query); });
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
      const Shelf shelf = owner(query->key) == self_ ? Shelf::kMain : Shelf::kHot;
      caches_.put(shelf, query->key, *result);
    } else {
      ++local_load_errs_;
    }
    // Only now, with the cache filled: who asks in between finds the flight or the picture.
    flights_.finish(flight, result);
  }

  const Ring ring_;
  const std::string self_;
  const std::function<bool()> keep_hot_;
  Loader& loader_;
  Peers& peers_;
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

const std::string& Group::owner(std::string_view key) const { return impl_->owner(key); }

Stats Group::stats() const { return impl_->stats(); }

}  // namespace imageserver
