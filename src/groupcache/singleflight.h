// One load a key at a time, however many ask. A flight belongs to nobody: whoever leads it may
// leave like any other, and the work stops only when no one waits any more.

#ifndef IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_
#define IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "groupcache/loader.h"

namespace imageserver {

struct Flight {
  explicit Flight(std::string_view name) : key(name) {}

  const std::string key;
  std::stop_source stop;
  std::vector<Ticket> waiters;  // guarded by the table's mutex

  // For who leads the flight, and for that one only: what is to be done when it is stopped.
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
};

using FlightPtr = std::shared_ptr<Flight>;

class Waiter {
 public:
  Waiter(FlightPtr waits_for, Completion completion)
      : flight(std::move(waits_for)), done(std::move(completion)) {}

  const FlightPtr flight;
  Completion done;  // empty once taken: by who finishes the flight or by who leaves it
};

// The flights under way. Threads: any, concurrently. Completions are called without the lock.
//
// Invariant: a flight is in the table as long as somebody waits for it and it has not ended. One
// that everybody left is out of it at once, so that who asks next starts anew and does not inherit
// a stopped load.
class Singleflight {
 public:
  struct Joined {
    Ticket ticket;
    FlightPtr flight;
    bool leads = false;  // the flight is new: the caller starts the work, and calls finish()
  };

  Singleflight() = default;

  // Frees the flights that have not ended; their waiters are not called.
  ~Singleflight();

  Singleflight(const Singleflight&) = delete;
  Singleflight& operator=(const Singleflight&) = delete;

  [[nodiscard]] Joined join(std::string_view key, Completion done);

  // See Group::leave.
  bool leave(const Ticket& ticket);

  // Ends the flight: its waiters get the result. A second call does nothing.
  void finish(const FlightPtr& flight, const Result<ImagePtr>& result);

 private:
  void forget(const Flight& flight);

  std::mutex mutex_;
  // The views point into the flights' own keys.
  std::unordered_map<std::string_view, FlightPtr> flights_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_SINGLEFLIGHT_H_
