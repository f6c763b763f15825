// The connections of one thread, and what they have in common.

#ifndef IMAGESERVER_HTTP_SHARD_H_
#define IMAGESERVER_HTTP_SHARD_H_

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/asio.h"
#include "http/handler.h"
#include "http/limits.h"

namespace imageserver {

class Connection;

// Threads: constructed anywhere; every other function on the context's thread only. A connection
// keeps its shard alive; the shard knows its connections without owning them.
class Shard : public std::enable_shared_from_this<Shard> {
 public:
  Shard(net::io_context& context, std::shared_ptr<Handler> handler, const ServerLimits& limits);

  [[nodiscard]] Executor executor() { return grace_.get_executor(); }
  [[nodiscard]] net::io_context& context() { return executor().context(); }

  // Serves the connection, or drops it when draining.
  void adopt(Socket socket);

  // See Server::discourage().
  void discourage() { discouraging_ = true; }

  // See Server::drain(). `gone` is called once, perhaps before this returns.
  void drain(std::function<void()> gone);

  // For connections.
  [[nodiscard]] Handler& handler() { return *handler_; }
  [[nodiscard]] const ServerLimits& limits() const { return limits_; }
  [[nodiscard]] bool draining() const { return draining_; }
  [[nodiscard]] bool discouraging() const { return discouraging_ || draining_; }
  void enter(Connection* connection) { connections_.insert(connection); }
  void leave(Connection* connection);  // closed
  void forget(Connection* connection) {
    connections_.erase(connection);
  }  // destroyed with its context

  // Room for bytes that nobody looks at.
  [[nodiscard]] net::mutable_buffer scratch() { return net::buffer(scratch_); }

 private:
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections() const;
  void start_grace();
  void report_gone();

  const std::shared_ptr<Handler> handler_;
  const ServerLimits limits_;
  std::unordered_set<Connection*> connections_;
  bool draining_ = false;
  bool discouraging_ = false;
  std::function<void()> gone_;
  Timer grace_;
  std::array<char, 16U << 10U> scratch_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_SHARD_H_
