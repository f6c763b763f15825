// An HTTP/1.1 client that keeps its connections: GET and POST, no redirects, no TLS.

#ifndef IMAGESERVER_HTTP_CLIENT_H_
#define IMAGESERVER_HTTP_CLIENT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/asio.h"
#include "base/clock.h"
#include "http/client_limits.h"
#include "http/client_response.h"
#include "imageserver/error.h"

namespace imageserver {

class ClientPool;

// A part of an answer that has arrived.
struct Arrival {
  std::size_t bytes = 0;
  bool interim = false;  // a whole interim answer (RFC 9110 15.2); its bytes were told before
};

struct ClientRequest {
  ClientRequest(std::string to, std::string path, std::size_t body_limit, Deadline until)
      : authority(std::move(to)), target(std::move(path)), max_body(body_limit), deadline(until) {}

  // As parse_address (base/address.h) takes it; sent as the Host exactly as written. An empty host
  // is the loopback.
  std::string authority;

  // Origin form. REQUIRES: neither space nor control character.
  std::string target;

  // Whole lines, each `Name: value\r\n`. REQUIRES: none of Host, Connection and Content-Length.
  std::string fields;

  // More such lines, made anew for each attempt; may be empty.
  std::function<std::string()> fresh_fields;

  // None: a GET. Else a POST with this body, perhaps empty, which must do no harm if it arrives
  // twice.
  std::optional<std::string> body;

  std::size_t max_body;
  Deadline deadline;

  // Told of each part of the answer, on the client's thread. If it is set, interim answers may come
  // before the answer; else they are errors. May be empty.
  std::function<void(Arrival)> on_arrival;
};

// Threads: bound to one context; used and destroyed on its thread only (or while it does not run).
// May be destroyed while requests are under way: they go on. A context runs on, if nothing else
// does, until the idle connections are closed.
class Client {
 public:
  explicit Client(net::io_context& context, ClientLimits limits = {}, ClientShared shared = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The answer, whatever its status. A kept connection that fails before the first byte of an
  // answer is replaced by a new one once, if the budget allows. Errors: kDeadlineExceeded when
  // request.deadline passes first, whatever the request was waiting for; kCancelled when the
  // awaiting coroutine is cancelled (terminal), which closes the connection; kUnreachable if there
  // is no connection to be had; kCutOff if it broke before the answer was whole; kPeer for an
  // answer that is no HTTP, or has a body over max_body or the budget. Their messages are for the
  // log, not for clients: they may hold the system's words.
  [[nodiscard]] Awaitable<Result<ClientResponse>> send(ClientRequest request);

  // Closes every connection that is not in use.
  void close_idle();

  // Connections that wait for their next request.
  [[nodiscard]] std::size_t idle_connections() const;

 private:
  const std::shared_ptr<ClientPool> pool_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CLIENT_H_
