// The connections of a client that wait for their next request.

#ifndef IMAGESERVER_HTTP_CLIENT_POOL_H_
#define IMAGESERVER_HTTP_CLIENT_POOL_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "http/byte_budget.h"
#include "http/client_limits.h"
#include "http/endpoint_cache.h"
#include "http/retry_budget.h"

namespace imageserver {

// A connection with the buffer its answers are read into.
class Link {
 public:
  Link(const Executor& executor, std::size_t buffer_bytes)
      : socket(executor),
        size_(buffer_bytes),
        memory_(std::make_unique_for_overwrite<char[]>(buffer_bytes)) {}

  [[nodiscard]] std::span<char> buffer() const { return {memory_.get(), size_}; }

  Socket socket;

 private:
  std::size_t size_;
  std::unique_ptr<char[]> memory_;
};

using LinkPtr = std::unique_ptr<Link>;

// Threads: as Client.
class ClientPool : public std::enable_shared_from_this<ClientPool> {
 public:
  ClientPool(net::io_context& context, ClientLimits limits, ClientShared shared);

  [[nodiscard]] const ClientLimits& limits() const { return limits_; }
  [[nodiscard]] RetryBudget& retries() const { return *shared_.retries; }
  [[nodiscard]] std::shared_ptr<ByteBudget> bytes() const { return shared_.bytes; }
  [[nodiscard]] EndpointCache& endpoints() const { return *shared_.endpoints; }
  [[nodiscard]] LinkPtr make_link();

  // The idle connection that was used last and is still open and silent; null if there is none.
  [[nodiscard]] LinkPtr take(const std::string& authority);

  // Keeps the connection for the next request, or closes it if enough are kept. REQUIRES: the last
  // answer was read to its end.
  void give(const std::string& authority, LinkPtr link);

  void close_all();
  [[nodiscard]] std::size_t size() const;

 private:
  struct Idle {
    LinkPtr link;
    Deadline until;
  };

  void sweep_later();
  void sweep();

  const Executor executor_;
  const ClientLimits limits_;
  ClientShared shared_;
  std::unordered_map<std::string, std::vector<Idle>> idle_;  // by authority; used last: at the back
  Timer sweeper_;
  bool sweeping_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CLIENT_POOL_H_
