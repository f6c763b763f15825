// The other nodes over HTTP.

#ifndef IMAGESERVER_SERVER_PEER_CLIENT_H_
#define IMAGESERVER_SERVER_PEER_CLIENT_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "base/io_pool.h"
#include "http/client.h"
#include "imageserver/group.h"

namespace imageserver {

// Fetches run on the I/O threads in turn, each with connections of its own.
//
// Threads: as Peers. REQUIRES: the pool outlives it, and the pool is stopped before it is
// destroyed.
class PeerClient final : public Peers {
 public:
  // `timeout` is what one fetch may take; none: 60 % of the time the query has left.
  PeerClient(IoPool& pool, std::optional<std::chrono::milliseconds> timeout);
  ~PeerClient() override;

  void fetch(const std::string& owner, QueryPtr query, std::stop_token stop,
             std::function<void(Answer)> done) override;

 private:
  struct Lane;

  [[nodiscard]] Lane& next_lane();

  std::vector<std::unique_ptr<Lane>> lanes_;
  const std::optional<std::chrono::milliseconds> timeout_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_CLIENT_H_
