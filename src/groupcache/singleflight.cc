#include "groupcache/singleflight.h"

#include <algorithm>
#include <utility>

namespace imageserver {

Singleflight::Joined Singleflight::join(std::string_view key, Completion done) {
  const MutexLock lock(mutex_);
  const auto found = flights_.find(key);
  if (found != flights_.end()) {
    auto& [flight, waiting] = found->second;
    auto ticket = std::make_shared<Waiter>(flight);
    waiting.push_back({ticket, std::move(done)});
    return {std::move(ticket), flight, false};
  }
  auto flight = std::make_shared<Flight>(key);
  auto ticket = std::make_shared<Waiter>(flight);
  UnderWay under_way{flight, {}};
  under_way.waiting.push_back({ticket, std::move(done)});
  // Done last, as the code above may throw: the table never holds a flight that nobody leads.
  flights_.emplace(flight->key, std::move(under_way));
  return {std::move(ticket), std::move(flight), true};
}

bool Singleflight::is_under_way(std::string_view key) const {
  const MutexLock lock(mutex_);
  return flights_.contains(key);
}

bool Singleflight::leave(const Ticket& ticket) {
  Waiting left;  // freed after the lock is given up
  {
    const MutexLock lock(mutex_);
    const auto found = find(*ticket->flight);
    if (found == flights_.end()) return false;
    std::vector<Waiting>& waiting = found->second.waiting;
    const auto place = std::ranges::find(waiting, ticket, &Waiting::ticket);
    if (place == waiting.end()) return false;
    left = std::move(*place);
    waiting.erase(place);
    if (!waiting.empty()) return true;
    flights_.erase(found);
  }
  ticket->flight->stop.request_stop();
  return true;
}

void Singleflight::finish(const FlightPtr& flight, const Result<ImagePtr>& result) {
  std::vector<Waiting> waiting;
  {
    const MutexLock lock(mutex_);
    const auto found = find(*flight);
    if (found == flights_.end()) return;
    waiting = std::move(found->second.waiting);
    flights_.erase(found);
  }
  for (const Waiting& one : waiting) one.done(result);
}

// The end if the flight is not under way: a later one may have its key.
Singleflight::Flights::iterator Singleflight::find(const Flight& flight) {
  const auto found = flights_.find(flight.key);
  const bool is_same = found != flights_.end() && found->second.flight.get() == &flight;
  return is_same ? found : flights_.end();
}

}  // namespace imageserver
