// Who may ask an origin, and when.

#ifndef IMAGESERVER_SOURCE_ORIGIN_QUEUE_H_
#define IMAGESERVER_SOURCE_ORIGIN_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/asio.h"
#include "base/breaker.h"
#include "imageserver/error.h"

namespace imageserver {

struct OriginLimits {
  std::size_t at_once = 32;     // requests; so there are no more connections
  std::size_t waiting = 1'024;  // requests; one more is refused
};

// The requests to one server: some run, others wait, first come, first served. While the server
// cannot be reached none waits: they end at once, with the error that showed it. After a pause one
// request at a time is a trial, and others still end at once.
//
// Threads: bound to one context; used and destroyed on its thread only (or while it does not run).
class OriginQueue {
 public:
  struct Request {
    std::function<void()> begin;        // it may be sent now; ended() follows
    std::function<void(Error)> refuse;  // it will not be sent
  };
  using RequestPtr = std::shared_ptr<const Request>;

  // What a request showed of the server.
  enum class Outcome : std::uint8_t {
    kAnswered,    // whatever it said
    kNotReached,  // no connection, or none that is safe
    kLate,        // no byte in time
    kNothing,     // nobody waited any more
  };

  // `name` is for the log.
  OriginQueue(net::io_context& context, std::string name, OriginLimits limits);

  // Calls one of the request's functions, now or later; neither after leave().
  void enter(RequestPtr request);

  // A request that has not begun waits no more.
  void leave(const RequestPtr& request);

  // A request that has begun has ended. `error`: what it ended with, if it did not succeed.
  void ended(const RequestPtr& request, Outcome outcome, const Error& error);

 private:
  void go_on();
  void begin_next();
  void refuse_all();
  void stay_open(milliseconds pause);
  void judge(Outcome outcome, const Error& error);
  [[nodiscard]] std::optional<milliseconds> note(Outcome outcome);

  const std::string name_;
  const OriginLimits limits_;
  Breaker breaker_;
  Timer pause_;
  Error last_error_;
  unsigned times_opened_ = 0;
  std::map<RequestPtr, unsigned> running_;  // each with times_opened_ as it was when it began
  std::deque<RequestPtr> waiting_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ORIGIN_QUEUE_H_
