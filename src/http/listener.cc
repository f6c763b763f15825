#include "http/listener.h"

#include <atomic>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.h"
#include "http/connection.h"

namespace imageserver {
namespace {

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
                   milliseconds retry)
    : acceptor_(std::move(acceptor)),
      shards_(std::move(shards)),
      retry_(retry),
      retry_timer_(acceptor_.get_executor()) {}

void Listener::accept() {
  if (!acceptor_.is_open()) return;
  Shard& shard = *shards_[turn_++ % shards_.size()];
  accepting_ = true;
  acceptor_.async_accept(shard.context(),
                         [self = shared_from_this(), &shard](error_code error, Socket socket) {
                           self->on_accept(shard, error, std::move(socket));
                         });
}

void Listener::on_accept(Shard& shard, error_code error, Socket socket) {
  accepting_ = false;
  if (!error) hand_over(shard, std::move(socket));
  if (!acceptor_.is_open()) return drain_shards();
  if (error && error != net::error::connection_aborted) return retry_later(error);
  accept();
}

void Listener::hand_over(Shard& shard, Socket socket) {
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  net::post(shard.executor(),
            [kept = shard.shared_from_this(), socket = std::move(socket)]() mutable {
              Connection::serve(kept, std::move(socket));
            });
}

// Accepts the clients that wait. The kernel has connected them already, and closing the acceptor
// would reset them.
void Listener::accept_waiting() {
  error_code error;
  acceptor_.non_blocking(true, error);
  // At most as many as can have waited: in a flood of new clients there is always another one.
  for (int i = 0; i < net::socket_base::max_listen_connections && !error; ++i) {
    Shard& shard = *shards_[turn_++ % shards_.size()];
    Socket socket(shard.executor());
    acceptor_.accept(socket, error);
    if (!error) hand_over(shard, std::move(socket));
  }
}

// Accepting failed, as there are no descriptors or memory left. The connection stays in the queue,
// and accepting again at once would fail again.
void Listener::retry_later(error_code error) {
  log::warn("accepting a connection failed: {}", error.message());
  retry_timer_.expires_after(retry_);
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
