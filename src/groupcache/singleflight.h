// Runs one load of a key at a time, however many requests wait for it. No waiter owns the flight:
// the waiter that started it may leave like any other, and the work stops when the last one leaves.

#ifndef IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_
#define IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "groupcache/loader.h"

namespace imageserver {

struct Flight {
  explicit Flight(std::string_view name) : key(name) {}

  const std::string key;
  std::stop_source stop;

  // Set and used by the code that leads the flight: what is done when the flight is stopped.
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
};

using FlightPtr = std::shared_ptr<Flight>;

// One wait for a flight.
class Waiter {
 public:
  explicit Waiter(FlightPtr waits_for) : flight(std::move(waits_for)) {}

  const FlightPtr flight;
};

// The flights under way. Threads: any, concurrently. Completions are called without the lock.
//
// Invariant: a flight is in the table while it has waiters and has not ended. When the last waiter
// leaves, the flight leaves the table at once, so that the next request starts a new load instead
// of joining a stopped one.
class Singleflight {
 public:
  struct Joined {
    Ticket ticket;
    FlightPtr flight;
    bool leads = false;  // the flight is new: the caller starts the work, and calls finish()
  };

  Singleflight() = default;

  // Frees the flights that have not ended; their waiters are not called.
  ~Singleflight() = default;

  Singleflight(const Singleflight&) = delete;
  Singleflight& operator=(const Singleflight&) = delete;

  [[nodiscard]] Joined join(std::string_view key, Completion done);

  // Whether a flight is under way that the next request for `key` would join.
  [[nodiscard]] bool is_under_way(std::string_view key) const;

  // See Group::leave.
  bool leave(const Ticket& ticket);

  // Ends the flight: its waiters get the result. A second call does nothing.
  void finish(const FlightPtr& flight, const Result<ImagePtr>& result);

 private:
  struct Waiting {
    Ticket ticket;
    Completion done;
  };

  struct UnderWay {
    FlightPtr flight;
    std::vector<Waiting> waiting;
  };

  // The views point into the flights' own keys.
  using Flights = std::unordered_map<std::string_view, UnderWay>;

  [[nodiscard]] Flights::iterator find(const Flight& flight) IMAGESERVER_REQUIRES(mutex_);

  mutable Mutex mutex_;
  Flights flights_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_
