// The interface that a server gets its answers from.

#ifndef IMAGESERVER_HTTP_HANDLER_H_
#define IMAGESERVER_HTTP_HANDLER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "base/asio.h"
#include "http/request.h"
#include "http/response.h"

namespace imageserver {

// An answer that is given later.
struct Later {
  // What the client hears until then. kProcessing: an interim answer, `102 Processing` (RFC 2518
  // 10.1), at once and every ServerLimits::interim. REQUIRES: the client has asked for them.
  enum class Meanwhile : std::uint8_t { kNothing, kProcessing };

  Later(Awaitable<Response> awaited, Meanwhile told = Meanwhile::kNothing)
      : response(std::move(awaited)), meanwhile(told) {}

  Awaitable<Response> response;
  Meanwhile meanwhile;
};

// An answer that is ready, which costs no coroutine, or one that is given later.
using Answer = std::variant<Response, Later>;

// The most bytes that a body may have; 0: there must be none.
struct MostBody {
  std::size_t bytes = 0;
};

// What a handler says of a request by its head: it takes it, with a body of no more than that; or
// the answer, for which no body is read.
using Admittance = std::variant<MostBody, Response>;

// Threads: handle() is called on any I/O thread, on several at once; an awaited answer runs on the
// thread of its connection (`co_await net::this_coro::executor`). admit() is called as handle() is.
class Handler {
 public:
  virtual ~Handler() = default;

  // Asked first about every request that has a body, or is neither GET nor HEAD. None: the handler
  // takes no such request (413 if it has a body, else 405). A body that is not read closes the
  // connection behind the answer. REQUIRES: it does not block; a throw is logged and answered 500.
  [[nodiscard]] virtual std::optional<Admittance> admit(const Request& /*head*/) {
    return std::nullopt;
  }

  // Asked for GET and HEAD without a body, and for what admit() has taken, with all of its body. A
  // HEAD is answered as a GET is, the connection leaves the body out. `request` is valid until the
  // answer is there, an awaited one included.
  //
  // An awaited answer begins once all answers before it are written; a client that reads slowly
  // delays it. It is cancelled (terminal) when its client has left, when the server's time to stop
  // is up, or when another client gets its connection's seat (Seats): it should then end soon, and
  // its result is dropped. It keeps its own deadline. REQUIRES: neither handle() nor the awaited
  // answer throws (a throw is logged and answered 500), and neither blocks.
  virtual Answer handle(const Request& request) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_HANDLER_H_
