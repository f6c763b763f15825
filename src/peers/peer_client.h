// Fetches pictures from the other nodes over HTTP.

#ifndef IMAGESERVER_PEERS_PEER_CLIENT_H_
#define IMAGESERVER_PEERS_PEER_CLIENT_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/io_pool.h"
#include "base/mutex.h"
#include "groupcache/peer_transport.h"
#include "peers/peer.h"
#include "peers/peer_connections.h"
#include "peers/peer_fetch.h"
#include "peers/peer_options.h"
#include "peers/peer_prober.h"
#include "peers/purge_puller.h"

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

  // A node has said this digest of its purges with a request (PurgePuller::heard). Nothing is asked
  // of a node that is no peer.
  void heard_purges(const std::string& node, std::string_view digest);

  // Asks a peer in turn for its purges, again and again: so a node that nobody asks for pictures
  // hears of them, too. To be called once.
  void keep_up_with_purges();

  // As PurgePuller has them.
  void pull_purges(const std::string& node, milliseconds patience, PurgePuller::PullDone done);
  void tell_purge(const std::string& node, const PurgeRecord& record, milliseconds patience,
                  PurgePuller::TellDone done);

 private:
  [[nodiscard]] PeerPtr find(const std::string& name) const;
  [[nodiscard]] bool may_leave_out() const;
  [[nodiscard]] PeerPtr next_peer();
  Awaitable<void> pull_in_turn();

  const PeerOptions options_;
  PeerConnections connections_;
  PurgePuller purges_;
  PeerProber prober_;
  const FetchContext context_;
  mutable Mutex mutex_;
  std::map<std::string, PeerPtr, std::less<>> peers_ IMAGESERVER_GUARDED_BY(mutex_);
  std::string last_in_turn_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_CLIENT_H_
