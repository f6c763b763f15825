// Fetches pictures from the other nodes over HTTP.

#ifndef IMAGESERVER_PEERS_PEER_CLIENT_H_
#define IMAGESERVER_PEERS_PEER_CLIENT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "base/mutex.h"
#include "groupcache/peer_transport.h"
#include "peers/peer.h"
#include "peers/peer_connections.h"
#include "peers/peer_fetch.h"
#include "peers/peer_options.h"
#include "peers/peer_prober.h"

namespace imageserver {

// A fetch runs on the I/O thread that calls fetch(); if another thread calls it, on each I/O thread
// in turn. A peer that does not answer, or answers late or wrongly, is not asked until probes and
// trials find it well again (Breaker, PeerProber). Of peers that can be reached, at most half of
// the ring is left out.
//
// Threads: as PeerTransport; set_peers() is called by one thread at a time. REQUIRES: the pool
// outlives it, and the pool is stopped before it is destroyed.
class PeerClient final : public PeerTransport {
 public:
  PeerClient(IoPool& pool, PeerOptions options);
  ~PeerClient() override;

  void fetch(const std::string& node, Terms terms, QueryPtr query, std::stop_token stop,
             Events events) override;
  [[nodiscard]] bool is_away(const std::string& node) const override;

  // Sets the peers, by their names on the ring. A fetch under way from a peer that left goes on;
  // its connections are closed as they become idle.
  void set_peers(const std::vector<std::string>& names);

  // Sorted by name.
  [[nodiscard]] std::vector<PeerView> peers() const;

 private:
  [[nodiscard]] PeerPtr find(const std::string& name) const;
  [[nodiscard]] bool may_leave_out() const;

  const PeerOptions options_;
  PeerConnections connections_;
  PeerProber prober_;
  const FetchContext context_;
  mutable Mutex mutex_;
  std::map<std::string, PeerPtr, std::less<>> peers_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_CLIENT_H_
