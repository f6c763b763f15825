#include "http/listener.h"

#include <poll.h>

#include <atomic>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "base/log.h"
#include "http/connection.h"

namespace imageserver {
namespace {

constexpr std::chrono::seconds kBetweenWarnings{60};

error_code open(Acceptor& acceptor, const Tcp::endpoint& endpoint, bool dual) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error && dual) acceptor.set_option(net::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

error_code open_everywhere(Acceptor& acceptor, std::uint16_t port) {
  const error_code error = open(acceptor, Tcp::endpoint(Tcp::v6(), port), true);
  const bool no_v6 = error == net::error::address_family_not_supported ||
                     error == boost::system::errc::address_not_available;
  return no_v6 ? open(acceptor, Tcp::endpoint(Tcp::v4(), port), false) : error;
}

error_code open_host(Acceptor& acceptor, const Address& address) {
  error_code error;
  const auto literal = net::ip::make_address(address.host, error);
  if (!error) return open(acceptor, Tcp::endpoint(literal, address.port), false);
  net::ip::basic_resolver<Tcp, Executor> resolver(acceptor.get_executor());
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      net::ip::resolver_base::passive, error);
  for (const auto& entry : found) {
    error = open(acceptor, entry.endpoint(), false);
    if (!error) break;
  }
  return error;
}

// Plain words for the two common errors, the system's words for any other.
Error listen_error(error_code error) {
  if (error == net::error::address_in_use) return {ErrorKind::kInternal, "address already in use"};
  if (error == net::error::access_denied) {
    return {ErrorKind::kInternal, "no permission to listen on this port"};
  }
  return {ErrorKind::kInternal, "cannot listen on this address: " + error.message()};
}

}  // namespace

Result<Acceptor> open_acceptor(net::io_context& context, const Address& address) {
  Acceptor acceptor(context.get_executor());
  const error_code error =
      address.host.empty() ? open_everywhere(acceptor, address.port) : open_host(acceptor, address);
  if (error) return listen_error(error);
  return acceptor;
}

Listener::Listener(Acceptor acceptor, std::vector<std::shared_ptr<Shard>> shards,
                   std::shared_ptr<Seats> seats)
    : acceptor_(std::move(acceptor)),
      shards_(std::move(shards)),
      seats_(std::move(seats)),
      retry_timer_(acceptor_.get_executor()) {}

void Listener::accept() {
  if (!acceptor_.is_open()) return;
  if (!seats_->has_time()) return accept_after(shards_.front()->limits().accept_pause);
  Shard& shard = next_shard();
  accepting_ = true;
  acceptor_.async_accept(shard.context(), newcomer_,
                         [self = shared_from_this(), &shard](error_code error, Socket socket) {
                           self->on_accept(shard, error, std::move(socket));
                         });
}

void Listener::on_accept(Shard& shard, error_code error, Socket socket) {
  accepting_ = false;
  if (!error) try_to_hand_over(shard, std::move(socket));
  if (!acceptor_.is_open()) return drain_shards();
  if (error && error != net::error::connection_aborted) return retry_later(error);
  failing_ = false;
  accept();
}

// Without memory for a connection, that one is closed, and others are accepted.
void Listener::try_to_hand_over(Shard& shard, Socket socket) try {
  hand_over(shard, std::move(socket));
} catch (const std::bad_alloc&) {
  log::error("no memory for a new connection");
}

void Listener::hand_over(Shard& shard, Socket socket) {
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  std::optional<Seat> seat = seats_->take(client_key(newcomer_.address()));
  if (!seat) return turn_away(shard, std::move(socket));
  net::post(shard.executor(), [kept = shard.shared_from_this(), socket = std::move(socket),
                               seat = *std::move(seat)]() mutable {
    Connection::serve(kept, std::move(socket), std::move(seat));
  });
}

// All seats are taken by connections that are busy.
void Listener::turn_away(Shard& shard, Socket socket) {
  const Deadline now = Clock::now();
  if (now >= next_warning_) {
    log::warn("as many busy connections as there may be: new ones are turned away");
    next_warning_ = now + kBetweenWarnings;
  }
  std::optional<Seat> standing = seats_->turn_away();
  if (!standing) return;
  net::post(shard.executor(), [kept = shard.shared_from_this(), socket = std::move(socket),
                               standing = *std::move(standing)]() mutable {
    Connection::turn_away(kept, std::move(socket), std::move(standing));
  });
}

// Accepts the clients that wait. The kernel has connected them already, and closing the acceptor
// would reset them.
void Listener::accept_waiting() {
  error_code error;
  acceptor_.non_blocking(true, error);
  // At most as many as can have waited: in a flood of new clients there is always another one.
  for (int i = 0; i < net::socket_base::max_listen_connections && !error; ++i) {
    Shard& shard = next_shard();
    Socket socket(shard.executor());
    acceptor_.accept(socket, newcomer_, error);
    if (!error) try_to_hand_over(shard, std::move(socket));
  }
}

// Accepting failed, as there are no descriptors or memory left. The connection stays in the queue,
// and accepting again at once would fail again. Without descriptors it fails although nobody waits.
void Listener::retry_later(error_code error) {
  const ServerLimits& limits = shards_.front()->limits();
  if (!is_awaited()) return accept_after(limits.accept_retry);
  if (!failing_) log::warn("accepting a connection failed: {}", error.message());
  failing_ = true;
  accept_after(seats_->make_room() ? limits.accept_pause : limits.accept_retry);
}

// Whether a client waits to be accepted.
bool Listener::is_awaited() {
  pollfd look{.fd = acceptor_.native_handle(), .events = POLLIN, .revents = 0};
  return ::poll(&look, 1, 0) > 0;
}

void Listener::accept_after(milliseconds pause) {
  retry_timer_.expires_after(pause);
  retry_timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->accept();
  });
}

void Listener::stop() {
  if (acceptor_.is_open()) accept_waiting();
  error_code ignored;
  acceptor_.close(ignored);
  retry_timer_.cancel();
}

void Listener::announce_drain() {
  for (const auto& shard : shards_) {
    net::post(shard->executor(), [shard] { shard->announce_drain(); });
  }
}

void Listener::drain(std::function<void()> gone) {
  gone_ = std::move(gone);
  stop();
  // If an accept is under way, it may bring one more connection: then on_accept() drains.
  if (!accepting_) drain_shards();
}

void Listener::drain_shards() {
  if (!gone_) return;
  const auto left = std::make_shared<std::atomic<std::size_t>>(shards_.size());
  const auto one_gone = [left, gone = std::exchange(gone_, {})] {
    if (left->fetch_sub(1) == 1) gone();
  };
  for (const auto& shard : shards_) {
    net::post(shard->executor(), [shard, one_gone] { shard->drain(one_gone); });
  }
}

}  // namespace imageserver
