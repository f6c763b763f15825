// Finds out, off the path of any request, whether a peer that did not answer is there.

#ifndef IMAGESERVER_PEERS_PEER_PROBER_H_
#define IMAGESERVER_PEERS_PEER_PROBER_H_

#include <string>

#include "base/asio.h"
#include "base/clock.h"
#include "imageserver/error.h"
#include "peers/peer.h"
#include "peers/peer_connections.h"
#include "peers/peer_options.h"

namespace imageserver {

// Opens a peer's breaker after failures, then probes the peer until it answers.
//
// Threads: any, concurrently. Probes run on the first I/O thread. REQUIRES: `connections` and
// `options` outlive it, and it is destroyed after the I/O threads were stopped.
class PeerProber {
 public:
  PeerProber(PeerConnections& connections, const PeerOptions& options)
      : connections_(connections), options_(options) {}

  // A request to the peer ended with this error and no answer after it waited this long. The error
  // counts against the breaker if the peer cannot be reached, or had its fair time. A request that
  // was cancelled after a long wait makes the prober check the peer.
  void unanswered(const PeerPtr& peer, const Error& error, Clock::duration waited);

 private:
  [[nodiscard]] bool is_peers_failure(const Error& error, Clock::duration waited) const;
  void count_failure(const PeerPtr& peer, const std::string& why);
  void check_now(const PeerPtr& peer);
  Awaitable<void> check(PeerPtr peer);
  void probe_later(const PeerPtr& peer, milliseconds pause);
  Awaitable<void> probe_until_answered(PeerPtr peer, milliseconds pause);
  Awaitable<bool> answers(PeerPtr peer);

  PeerConnections& connections_;
  const PeerOptions& options_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_PROBER_H_
