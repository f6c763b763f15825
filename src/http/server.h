// An HTTP/1.1 server: keep-alive, pipelining; GET and HEAD, and what handlers take besides.
// Handlers make its answers.

#ifndef IMAGESERVER_HTTP_SERVER_H_
#define IMAGESERVER_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "base/address.h"
#include "base/io_pool.h"
#include "http/handler.h"
#include "http/server_limits.h"
#include "imageserver/error.h"

namespace imageserver {

class Backlog;
class Listener;
class Seats;

// What the servers of one program share. REQUIRES: neither is null.
struct ServerShared {
  // The connections that there may be.
  std::shared_ptr<Seats> seats;

  // The answers that clients have not taken yet.
  std::shared_ptr<Backlog> backlog;
};

// One acceptor hands sockets out to the pool's threads in turn; a connection stays on its thread.
//
// Threads: every function may be called from any thread, but not two at once. Nothing is served
// until the pool runs. May be destroyed at any time: requests under way then go on until the pool
// stops. Call drain() first for an orderly end.
class Server {
 public:
  // Binds and listens at once, so that a port in use is known before anything else starts. An
  // error's message is one line without the address ("address already in use"): the caller knows
  // which it asked for. A name is looked up, which blocks. REQUIRES: `pool` outlives the server;
  // `limits` is sane (every time above 0).
  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(
      IoPool& pool, const Address& address, const std::shared_ptr<Handler>& handler,
      const ServerShared& shared, ServerLimits limits = {});

  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port it listens on: the one asked for, or the free one found for port 0.
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Starts to accept. REQUIRES: called once.
  void start();

  // From now on every answer has `Connection: close`, so that clients turn to other servers. New
  // connections are still served.
  void announce_drain();

  // Accepts the clients that wait already, then no more. Closes every idle connection at once; a
  // connection that has not sent a byte yet has limits.newcomer for it. Requests under way are
  // finished and answered with `Connection: close`; after limits.grace the rest is cancelled and
  // closed. `gone` is called once, on one of the pool's threads, when no connection is left.
  // REQUIRES: called once; the pool runs until `gone` was called. `gone` does not throw.
  void drain(std::function<void()> gone);

 private:
  Server(std::shared_ptr<Listener> listener, std::uint16_t port);

  const std::shared_ptr<Listener> listener_;
  const std::uint16_t port_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_SERVER_H_
