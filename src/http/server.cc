#include "http/server.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "http/listener.h"

namespace imageserver {

Result<std::unique_ptr<Server>> Server::listen(IoPool& pool, const Address& address,
                                               const std::shared_ptr<Handler>& handler,
                                               const ServerShared& shared, ServerLimits limits) {
  auto acceptor = open_acceptor(pool.at(0), address);
  if (!acceptor) return acceptor.error();
  error_code ignored;
  const std::uint16_t port = acceptor->local_endpoint(ignored).port();
  std::vector<std::shared_ptr<Shard>> shards;
  shards.reserve(pool.size());
  for (std::size_t i = 0; i < pool.size(); ++i) {
    shards.push_back(std::make_shared<Shard>(pool.at(i), handler, limits, shared.backlog));
  }
  auto listener = std::make_shared<Listener>(std::move(*acceptor), std::move(shards), shared.seats);
  return std::unique_ptr<Server>(new Server(std::move(listener), port));
}

Server::Server(std::shared_ptr<Listener> listener, std::uint16_t port)
    : listener_(std::move(listener)), port_(port) {}

Server::~Server() {
  net::post(listener_->executor(), [listener = listener_] { listener->stop(); });
}

void Server::start() {
  net::post(listener_->executor(), [listener = listener_] { listener->accept(); });
}

void Server::announce_drain() {
  net::post(listener_->executor(), [listener = listener_] { listener->announce_drain(); });
}

void Server::drain(std::function<void()> gone) {
  net::post(listener_->executor(), [listener = listener_, gone = std::move(gone)]() mutable {
    listener->drain(std::move(gone));
  });
}

}  // namespace imageserver
