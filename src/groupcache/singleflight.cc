#include "groupcache/singleflight.h"

#include <utility>

namespace imageserver {

// A flight and its waiters hold each other.
Singleflight::~Singleflight() {
  for (const auto& [key, flight] : flights_) flight->waiters.clear();
}

Singleflight::Joined Singleflight::join(std::string_view key, Completion done) {
  const std::lock_guard lock(mutex_);
  const auto found = flights_.find(key);
  const bool leads = found == flights_.end();
  FlightPtr flight = leads ? std::make_shared<Flight>(key) : found->second;
  auto ticket = std::make_shared<Waiter>(flight, std::move(done));
  flight->waiters.push_back(ticket);
  // Last: had anything thrown, nobody would lead the flight that the table holds.
  if (leads) flights_.emplace(flight->key, flight);
  return {std::move(ticket), std::move(flight), leads};
}

bool Singleflight::leave(const Ticket& ticket) {
  Flight& flight = *ticket->flight;
  Completion unused;
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    if (!ticket->done) return false;
    unused = std::exchange(ticket->done, nullptr);
    std::erase(flight.waiters, ticket);
    last = flight.waiters.empty();
    if (last) forget(flight);
  }
  if (last) flight.stop.request_stop();
  return true;
}

void Singleflight::finish(const FlightPtr& flight, const Result<ImagePtr>& result) {
  std::vector<Completion> completions;
  {
    const std::lock_guard lock(mutex_);
    forget(*flight);
    completions.reserve(flight->waiters.size());
    for (const Ticket& waiter : flight->waiters) {
      completions.push_back(std::exchange(waiter->done, nullptr));
    }
    flight->waiters.clear();
  }
  for (const Completion& done : completions) done(result);
}

void Singleflight::forget(const Flight& flight) {
  const auto found = flights_.find(flight.key);
  if (found != flights_.end() && found->second.get() == &flight) flights_.erase(found);
}

}  // namespace imageserver
