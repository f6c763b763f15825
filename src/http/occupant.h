// A connection as those see it who may have to ask it to make room for others.

#ifndef IMAGESERVER_HTTP_OCCUPANT_H_
#define IMAGESERVER_HTTP_OCCUPANT_H_

#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "base/asio.h"

namespace imageserver {

// Threads: every function on the connection's own thread only.
class Occupant {
 public:
  virtual ~Occupant() = default;

  // Its seat is needed. It closes if it waits for its client; else it keeps the seat (Seat::keep).
  virtual void leave_if_waiting() = 0;

  // Its seat is needed, whatever it does: it closes, or ends the request under way and closes then.
  virtual void leave() = 0;

  // The memory of its answer is needed: it closes, unless the client has taken the answer
  // meanwhile.
  virtual void drop_answer() = 0;
};

// Reaches an occupant from any thread. Does not keep it alive.
class OccupantRef {
 public:
  OccupantRef(Executor executor, std::weak_ptr<Occupant> occupant)
      : executor_(std::move(executor)), occupant_(std::move(occupant)) {}

  // Has the function called on the occupant's thread, unless it is destroyed before.
  void ask(void (Occupant::*what)()) const {
    net::post(executor_, [occupant = occupant_, what] {
      if (const auto alive = occupant.lock()) ((*alive).*what)();
    });
  }

 private:
  Executor executor_;
  std::weak_ptr<Occupant> occupant_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_OCCUPANT_H_
