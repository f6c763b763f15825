// The connections of one I/O thread, and the state they share.

#ifndef IMAGESERVER_HTTP_SHARD_H_
#define IMAGESERVER_HTTP_SHARD_H_

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/asio.h"
#include "http/backlog.h"
#include "http/handler.h"
#include "http/server_limits.h"

namespace imageserver {

// The interface through which a shard drains its connections. Threads: as its shard.
class ShardMember {
 public:
  virtual ~ShardMember() = default;

  // The server stops. An idle connection closes at once, and soon if it has not sent a byte yet. A
  // busy connection closes after the answer under way.
  virtual void drain() = 0;

  // The time to stop is up: ends the request under way.
  virtual void cut() = 0;

  // Keeps it from being destroyed.
  [[nodiscard]] virtual std::shared_ptr<ShardMember> keep() = 0;
};

// Threads: constructed anywhere; every other function on the context's thread only. A connection
// keeps its shard alive; the shard knows its connections without owning them.
class Shard : public std::enable_shared_from_this<Shard> {
 public:
  Shard(net::io_context& context, std::shared_ptr<Handler> handler, const ServerLimits& limits,
        std::shared_ptr<Backlog> backlog);

  [[nodiscard]] Executor executor() { return grace_.get_executor(); }
  [[nodiscard]] net::io_context& context() { return executor().context(); }

  // See Server::announce_drain().
  void announce_drain() { drain_announced_ = true; }

  // See Server::drain(). `gone` is called once, perhaps before this returns.
  void drain(std::function<void()> gone);

  // For connections.
  [[nodiscard]] Handler& handler() { return *handler_; }
  [[nodiscard]] const ServerLimits& limits() const { return limits_; }
  [[nodiscard]] const std::shared_ptr<Backlog>& backlog() const { return backlog_; }
  [[nodiscard]] bool draining() const { return draining_; }
  [[nodiscard]] bool drain_announced() const { return drain_announced_ || draining_; }
  void enter(ShardMember* member) { members_.insert(member); }
  void leave(ShardMember* member);                              // closed
  void forget(ShardMember* member) { members_.erase(member); }  // destroyed with its context

  // A buffer for input that is thrown away.
  [[nodiscard]] net::mutable_buffer scratch() { return net::buffer(scratch_); }

 private:
  [[nodiscard]] std::vector<std::shared_ptr<ShardMember>> members() const;
  void start_grace();
  void report_gone();

  const std::shared_ptr<Handler> handler_;
  const ServerLimits limits_;
  const std::shared_ptr<Backlog> backlog_;
  std::unordered_set<ShardMember*> members_;
  bool draining_ = false;
  bool drain_announced_ = false;
  std::function<void()> gone_;
  Timer grace_;
  std::array<char, 16U << 10U> scratch_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_SHARD_H_
