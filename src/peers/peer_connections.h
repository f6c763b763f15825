// The HTTP clients that carry requests to the peers: each I/O thread has clients of its own.

#ifndef IMAGESERVER_PEERS_PEER_CONNECTIONS_H_
#define IMAGESERVER_PEERS_PEER_CONNECTIONS_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/asio.h"
#include "base/io_pool.h"
#include "http/client.h"
#include "http/endpoint_cache.h"
#include "http/retry_budget.h"
#include "peers/peer.h"

namespace imageserver {

// Threads: any, concurrently, but for a shard's own (see there). REQUIRES: the pool outlives it,
// and is stopped before it is destroyed.
class PeerConnections {
 public:
  // One I/O thread's share.
  class Shard {
   public:
    Shard(net::io_context& context, std::shared_ptr<RetryBudget> retries);

    // Threads: any.
    [[nodiscard]] net::io_context& context() { return context_; }

    // A client for the peer that nothing else uses, with connections of its own. Threads: as
    // client_of().
    [[nodiscard]] std::shared_ptr<Client> make_client(const Peer& peer) const;

    // The client that keeps this thread's connections to the peer. A peer that has left the ring
    // gets one that is not kept. Threads: the context's.
    [[nodiscard]] std::shared_ptr<Client> client_of(const PeerPtr& peer);

    // Drop clients: their connections are closed as they become idle. Threads: the context's.
    void drop(const PeerPtr& peer) { clients_.erase(peer); }
    void drop_retired();

   private:
    net::io_context& context_;
    const std::shared_ptr<RetryBudget> retries_;
    const std::shared_ptr<EndpointCache> endpoints_ = std::make_shared<EndpointCache>();
    std::unordered_map<PeerPtr, std::shared_ptr<Client>> clients_;
  };

  explicit PeerConnections(IoPool& pool);

  // The shard for a new request: the calling thread's own, so that the request changes no thread.
  // A thread that is no I/O thread gets each shard in turn.
  [[nodiscard]] Shard& shard_to_use();

  // Of all requests to peers, on all threads.
  [[nodiscard]] RetryBudget& retries() const { return *retries_; }

  // The shard whose thread checks and probes peers.
  [[nodiscard]] Shard& first() { return *shards_.front(); }

  // Every shard drops its client of the peer, soon.
  void drop(const PeerPtr& peer);

  // Every shard drops its clients of peers that have left the ring, soon.
  void drop_retired();

 private:
  const IoPool& pool_;
  const std::shared_ptr<RetryBudget> retries_ = std::make_shared<RetryBudget>();
  std::vector<std::unique_ptr<Shard>> shards_;  // in the order of the pool's contexts
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_CONNECTIONS_H_
