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
