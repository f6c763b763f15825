// The connections that there may be at a time, and who has to go when there are too many.

#ifndef IMAGESERVER_HTTP_SEATS_H_
#define IMAGESERVER_HTTP_SEATS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "http/occupant.h"

namespace imageserver {

class Seats;

// Whom a connection belongs to: an IPv4 address, also where it is written as an IPv6 address, or
// the first 64 bits of an IPv6 address, as one client may use all addresses behind them.
[[nodiscard]] std::uint64_t client_key(const net::ip::address& address);

// The place of one connection among all; given back by the destructor. Threads: one at a time.
class Seat {
 public:
  Seat() = default;
  ~Seat() { give_back(); }
  Seat(Seat&& other) noexcept
      : seats_(std::exchange(other.seats_, nullptr)),
        place_(std::exchange(other.place_, nullptr)) {}
  Seat& operator=(Seat&& other) noexcept {
    std::swap(seats_, other.seats_);
    std::swap(place_, other.place_);
    return *this;
  }

  // From now on the connection may be asked to leave.
  void occupy(OccupantRef occupant);

  // The connection waits for its client since then: for the first byte of a request, or for
  // something the client has begun (the rest of a head, its end of the connection). These cost a
  // store, as each request goes through them.
  void idles(Deadline since);
  void waits(Deadline since);

  // The connection has something to do for its client.
  void works();

  // The occupant was asked to leave and stays.
  void keep();

  // The connection is closed.
  void give_back();

 private:
  friend class Seats;

  // On a cache line of its own, as its connection's thread writes it at every request. `waits` is
  // written by that thread and read by any; the rest is guarded by the mutex of the seats.
  struct alignas(64) Place {
    // Since when the connection waits: nanoseconds of the clock times two, and one more if it is
    // not idle; 0: it does not wait.
    std::atomic<std::int64_t> waits = 0;
    std::uint64_t client = 0;
    std::uint64_t number = 0;  // in the order in which seats were taken
    std::optional<OccupantRef> occupant;
    bool taken = false;
    bool leaving = false;
  };

  Seat(std::shared_ptr<Seats> seats, Place* place) : seats_(std::move(seats)), place_(place) {}

  std::shared_ptr<Seats> seats_;
  Place* place_ = nullptr;  // null: of a client that is turned away
};

// When all seats are taken, connections that wait for their clients are asked to leave, idle ones
// first, of these the ones of addresses over their share, and then the ones that wait longest. If
// none waits, an address with fewer connections takes a seat from the address with the most. Else
// the newcomer is turned away.
//
// Threads: any.
class Seats : public std::enable_shared_from_this<Seats> {
 public:
  // The connections that there may be beyond `most`: those that were asked to leave and have not
  // left yet, or had something to do by then and stayed, and those that are being turned away.
  // Descriptors must be kept for them.
  static constexpr std::size_t kLeaving = 8;
  static constexpr std::size_t kTurnedAway = 8;

  // REQUIRES: most > 0; made by make_shared.
  explicit Seats(std::size_t most) : most_(most) {}

  // False if a newcomer should wait for a moment, as so many are just leaving, or as some who have
  // a seat are still on their way to it.
  [[nodiscard]] bool has_time();

  // A seat for a newcomer; none: there is none.
  [[nodiscard]] std::optional<Seat> take(std::uint64_t client);

  // What a client that gets no seat has while it is told so; none: too many are just told.
  [[nodiscard]] std::optional<Seat> turn_away();

  // There are no descriptors left, although there are seats: asks the connections that have waited
  // longest to leave, as if there were no seats. False if none waits.
  bool make_room();

  // The connections that there are.
  [[nodiscard]] std::size_t taken() const;

 private:
  friend class Seat;

  struct Candidate {
    Seat::Place* place;
    bool idle;
    bool over_share;
    std::int64_t since;
  };

  void give_back(Seat::Place* place);
  void keep(Seat::Place& place);
  [[nodiscard]] bool is_overfull() const IMAGESERVER_REQUIRES(mutex_) {
    return taken_ >= most_ + kLeaving;
  }
  [[nodiscard]] bool ask_waiting() IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] bool ask_largest(std::size_t newcomers_share) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] std::vector<Candidate> waiting() IMAGESERVER_REQUIRES(mutex_);
  void ask(Seat::Place& place, void (Occupant::*what)()) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] Seat::Place* seat(std::uint64_t client) IMAGESERVER_REQUIRES(mutex_);

  const std::size_t most_;
  mutable Mutex mutex_;
  std::deque<Seat::Place> places_ IMAGESERVER_GUARDED_BY(mutex_);  // as many as there ever were
  std::vector<Seat::Place*> free_ IMAGESERVER_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::size_t> held_ IMAGESERVER_GUARDED_BY(mutex_);  // by client
  std::size_t taken_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  std::size_t arriving_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // have a seat, and no occupant yet
  std::size_t leaving_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  std::size_t turned_away_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  std::uint64_t numbered_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_SEATS_H_
