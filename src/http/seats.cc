#include "http/seats.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace imageserver {
namespace {

constexpr std::int64_t kWorks = 0;  // of Place::waits

std::int64_t ticks(Deadline time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count() * 2;
}

// With many seats several are freed at a time: it takes a look at all places to choose them.
constexpr std::size_t kPartFreedAtATime = 32;

}  // namespace

std::uint64_t client_key(const net::ip::address& address) {
  if (address.is_v4()) return address.to_v4().to_uint();
  const net::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return net::ip::make_address_v4(net::ip::v4_mapped, v6).to_uint();
  std::uint64_t key = 0;
  const auto bytes = v6.to_bytes();
  for (std::size_t i = 0; i < sizeof(key); ++i) key = key << 8U | bytes[i];
  return key;
}

void Seat::occupy(OccupantRef occupant) {
  if (place_ == nullptr) return;
  const MutexLock lock(seats_->mutex_);
  if (!place_->occupant) --seats_->arriving_;
  place_->occupant = std::move(occupant);
}

void Seat::idles(Deadline since) {
  if (place_ != nullptr) place_->waits.store(ticks(since), std::memory_order_relaxed);
}

void Seat::waits(Deadline since) {
  if (place_ != nullptr) place_->waits.store(ticks(since) + 1, std::memory_order_relaxed);
}

void Seat::works() {
  if (place_ != nullptr) place_->waits.store(kWorks, std::memory_order_relaxed);
}

void Seat::keep() {
  if (place_ != nullptr) seats_->keep(*place_);
}

void Seat::give_back() {
  if (seats_) std::exchange(seats_, nullptr)->give_back(std::exchange(place_, nullptr));
}

// Where every extra seat is taken by one that was asked to leave and stayed, others are asked
// before the newcomer comes: it finds a seat when the first of them has left.
bool Seats::has_time() {
  const MutexLock lock(mutex_);
  if (taken_ - leaving_ >= most_ && arriving_ > 0) return false;
  if (!is_overfull()) return true;
  return leaving_ == 0 && !ask_waiting();
}

std::optional<Seat> Seats::take(std::uint64_t client) {
  const MutexLock lock(mutex_);
  if (leaving_ > 0 && is_overfull()) return std::nullopt;
  if (taken_ - leaving_ >= most_) {
    const auto held = held_.find(client);
    const std::size_t share = held == held_.end() ? 1 : held->second + 1;
    if (!ask_waiting() && !ask_largest(share)) return std::nullopt;
  }
  if (is_overfull()) return std::nullopt;
  return Seat(shared_from_this(), seat(client));
}

Seat::Place* Seats::seat(std::uint64_t client) {
  if (free_.empty()) free_.push_back(&places_.emplace_back());
  Seat::Place* const place = free_.back();
  free_.pop_back();
  place->waits.store(kWorks, std::memory_order_relaxed);
  place->client = client;
  place->number = numbered_++;
  place->taken = true;
  place->leaving = false;
  ++held_[client];
  ++taken_;
  ++arriving_;
  return place;
}

std::optional<Seat> Seats::turn_away() {
  const MutexLock lock(mutex_);
  if (turned_away_ == kTurnedAway) return std::nullopt;
  ++turned_away_;
  return Seat(shared_from_this(), nullptr);
}

bool Seats::make_room() {
  const MutexLock lock(mutex_);
  return leaving_ > 0 || ask_waiting();
}

std::size_t Seats::taken() const {
  const MutexLock lock(mutex_);
  return taken_;
}

std::vector<Seats::Candidate> Seats::waiting() {
  const std::size_t fair_share = most_ / std::max<std::size_t>(held_.size(), 1);
  std::vector<Candidate> found;
  for (Seat::Place& place : places_) {
    if (!place.taken || place.leaving || !place.occupant) continue;
    const std::int64_t since = place.waits.load(std::memory_order_relaxed);
    if (since == kWorks) continue;
    found.push_back({.place = &place,
                     .idle = since % 2 == 0,
                     .over_share = held_.at(place.client) > fair_share,
                     .since = since});
  }
  return found;
}

// False if no connection waits for its client.
bool Seats::ask_waiting() {
  std::vector<Candidate> all = waiting();
  if (all.empty()) return false;
  const auto first_to_go = [](const Candidate& a, const Candidate& b) {
    return std::tuple(!a.idle, !a.over_share, a.since) <
           std::tuple(!b.idle, !b.over_share, b.since);
  };
  const std::size_t count =
      std::min(all.size(), std::max<std::size_t>(most_ / kPartFreedAtATime, 1));
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count - 1), all.end(),
                   first_to_go);
  all.resize(count);
  for (const Candidate& candidate : all) ask(*candidate.place, &Occupant::leave_if_waiting);
  return true;
}

// Takes a seat from the address with the most, if that has more than the newcomer's address with
// its new connection: the seat that was taken last, as the least was done for it. False if it has
// not.
bool Seats::ask_largest(std::size_t newcomers_share) {
  const auto largest = std::ranges::max_element(
      held_, {}, [](const auto& client_and_count) { return client_and_count.second; });
  if (largest == held_.end() || largest->second <= newcomers_share) return false;
  Seat::Place* last = nullptr;
  for (Seat::Place& place : places_) {
    if (!place.taken || place.leaving || !place.occupant) continue;
    if (place.client != largest->first) continue;
    if (last == nullptr || place.number > last->number) last = &place;
  }
  if (last == nullptr) return false;
  ask(*last, &Occupant::leave);
  return true;
}

void Seats::ask(Seat::Place& place, void (Occupant::*what)()) {
  place.leaving = true;
  ++leaving_;
  place.occupant->ask(what);
}

void Seats::keep(Seat::Place& place) {
  const MutexLock lock(mutex_);
  leaving_ -= place.leaving ? 1 : 0;
  place.leaving = false;
}

void Seats::give_back(Seat::Place* place) {
  const MutexLock lock(mutex_);
  if (place == nullptr) {
    --turned_away_;
    return;
  }
  leaving_ -= place->leaving ? 1 : 0;
  arriving_ -= place->occupant ? 0 : 1;
  place->taken = false;
  place->occupant.reset();
  --taken_;
  const auto held = held_.find(place->client);
  if (--held->second == 0) held_.erase(held);
  free_.push_back(place);
}

}  // namespace imageserver
