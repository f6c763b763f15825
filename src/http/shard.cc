#include "http/shard.h"

#include <utility>
#include <vector>

#include "http/connection.h"

namespace imageserver {

Shard::Shard(net::io_context& context, std::shared_ptr<Handler> handler, const ServerLimits& limits)
    : handler_(std::move(handler)), limits_(limits), grace_(context.get_executor()) {}

void Shard::adopt(Socket socket) {
  if (draining_) return;
  std::make_shared<Connection>(shared_from_this(), std::move(socket))->start();
}

// Shared, as a connection that is told to close leaves while the others are being told.
std::vector<std::shared_ptr<Connection>> Shard::connections() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (Connection* connection : connections_) all.push_back(connection->shared_from_this());
  return all;
}

void Shard::drain(std::function<void()> gone) {
  draining_ = true;
  gone_ = std::move(gone);
  for (const auto& connection : connections()) connection->drain();
  if (connections_.empty()) {
    report_gone();
  } else {
    start_grace();
  }
}

void Shard::start_grace() {
  grace_.expires_after(limits_.grace);
  grace_.async_wait([self = shared_from_this()](error_code error) {
    if (error) return;
    for (const auto& connection : self->connections()) connection->cut();
  });
}

void Shard::leave(Connection* connection) {
  connections_.erase(connection);
  if (draining_ && connections_.empty()) report_gone();
}

void Shard::report_gone() {
  grace_.cancel();
  if (const auto gone = std::exchange(gone_, {})) gone();
}

}  // namespace imageserver
