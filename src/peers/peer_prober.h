// Judges peers by what comes of requests to them, and finds out, off the path of any request,
// whether a peer that does not answer is there.

#ifndef IMAGESERVER_PEERS_PEER_PROBER_H_
#define IMAGESERVER_PEERS_PEER_PROBER_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/asio.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "imageserver/error.h"
#include "peers/peer.h"
#include "peers/peer_connections.h"
#include "peers/peer_options.h"
#include "peers/purge_puller.h"

namespace imageserver {

// Tells a peer's breaker of failures. When that opens, lets go of all fetches under way from the
// peer, and probes the peer until it answers.
//
// Threads: any, concurrently. Probes run on the first I/O thread. REQUIRES: `connections`,
// `options` and `purges` outlive it, and it is destroyed after the I/O threads were stopped.
class PeerProber {
 public:
  // `may_leave_out` says whether one more peer may be left out although it can be reached. Called
  // from any I/O thread, concurrently.
  PeerProber(PeerConnections& connections, const PeerOptions& options, PurgePuller& purges,
             std::function<bool()> may_leave_out)
      : connections_(connections),
        options_(options),
        purges_(purges),
        may_leave_out_(std::move(may_leave_out)) {}

  // A request to the peer ended with this error and no answer after it waited this long. The error
  // counts against the breaker if the peer cannot be reached, or had its fair time: then this is
  // true. A request that was cancelled after a long wait makes the prober check the peer.
  bool unanswered(const PeerPtr& peer, const Error& error, Clock::duration waited);

  // The peer is late with an answer, or has answered wrongly. True if it is left out now. `why` is
  // for the log.
  bool strayed(const PeerPtr& peer, std::string_view why);

  // Nothing has come from the peer for a while. It is probed at once; if it does not answer that
  // either, its breaker opens.
  void suspect(const PeerPtr& peer);

 private:
  [[nodiscard]] bool is_peers_failure(const Error& error, Clock::duration waited) const;
  void count_failure(const PeerPtr& peer, const std::string& why);
  [[nodiscard]] std::optional<milliseconds> leave_out(const PeerPtr& peer);
  void opened(const PeerPtr& peer, milliseconds pause, std::string_view why);
  void check_now(const PeerPtr& peer);
  Awaitable<void> check(PeerPtr peer);
  Awaitable<void> check_silence(PeerPtr peer);
  void probe_later(const PeerPtr& peer, milliseconds pause);
  Awaitable<void> probe_until_answered(PeerPtr peer, milliseconds pause);
  Awaitable<bool> answers(PeerPtr peer, milliseconds patience);

  PeerConnections& connections_;
  const PeerOptions& options_;
  PurgePuller& purges_;
  const std::function<bool()> may_leave_out_;
  Mutex leaving_out_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_PROBER_H_
