#include "peers/peer_connections.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "http/client_limits.h"

namespace imageserver {

PeerConnections::Shard::Shard(net::io_context& context, std::shared_ptr<RetryBudget> retries)
    : context_(context), retries_(std::move(retries)) {}

std::shared_ptr<Client> PeerConnections::Shard::make_client(const Peer& peer) const {
  return std::make_shared<Client>(context_, ClientLimits{},
                                  ClientShared{retries_, peer.bytes(), endpoints_});
}

std::shared_ptr<Client> PeerConnections::Shard::client_of(const PeerPtr& peer) {
  const auto found = clients_.find(peer);
  if (found != clients_.end()) return found->second;
  auto client = make_client(*peer);
  if (!peer->retired()) clients_.emplace(peer, client);
  return client;
}

void PeerConnections::Shard::drop_retired() {
  std::erase_if(clients_, [](const auto& entry) { return entry.first->retired(); });
}

PeerConnections::PeerConnections(IoPool& pool) : pool_(pool) {
  for (std::size_t i = 0; i < pool.size(); ++i) {
    shards_.push_back(std::make_unique<Shard>(pool.at(i), retries_));
  }
}

PeerConnections::Shard& PeerConnections::shard_to_use() {
  if (const auto own = pool_.current()) return *shards_[*own];
  return *shards_[turn_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
}

void PeerConnections::drop(const PeerPtr& peer) {
  for (const auto& shard : shards_) {
    net::post(shard->context(), [&shard = *shard, peer] { shard.drop(peer); });
  }
}

void PeerConnections::drop_retired() {
  for (const auto& shard : shards_) {
    net::post(shard->context(), [&shard = *shard] { shard.drop_retired(); });
  }
}

}  // namespace imageserver
