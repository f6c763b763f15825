#include "peers/peer_prober.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/log.h"
#include "peers/identify_peer.h"
#include "peers/peer_request.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

// A timeout counts against the breaker only if the peer had at least this long to answer.
constexpr milliseconds kFairTime{100};

// A request that was cancelled after at least this long makes the prober check the peer.
constexpr milliseconds kSuspicion{500};

// The time for a probe. A probe's answer is short, unless it answers a Go node's GET.
constexpr milliseconds kProbeTime{2'000};

// The time for a probe of a silent peer, and of one that sends interim answers: that one is quick.
constexpr milliseconds kShortProbeTime{500};

milliseconds time_for(const Peer& peer) {
  return peer.speaks_interim() ? kShortProbeTime : kProbeTime;
}

}  // namespace

// If all clients are less patient than this node, no request runs into its deadline. Cancelled
// requests are then the only sign that the peer is away.
bool PeerProber::unanswered(const PeerPtr& peer, const Error& error, Clock::duration waited) {
  if (is_peers_failure(error, waited)) {
    count_failure(peer, error.message);
    return true;
  }
  if (error.kind == ErrorKind::kCancelled && waited >= kSuspicion) {
    check_now(peer);
  }
  return false;
}

bool PeerProber::strayed(const PeerPtr& peer, std::string_view why) {
  if (peer->retired()) return false;
  const auto pause = leave_out(peer);
  if (pause) opened(peer, *pause, why);
  return pause.has_value();
}

// One at a time, so that two peers that stray at once do not both find room.
std::optional<milliseconds> PeerProber::leave_out(const PeerPtr& peer) {
  const MutexLock lock(leaving_out_);
  return peer->breaker().strayed(may_leave_out_());
}

void PeerProber::suspect(const PeerPtr& peer) {
  if (peer->retired() || !peer->breaker().closed() || !peer->begin_check()) return;
  net::co_spawn(connections_.first().context(), check_silence(peer),
                [peer](const std::exception_ptr&) { peer->end_check(); });
}

Awaitable<void> PeerProber::check_silence(PeerPtr peer) {
  const bool there = co_await answers(peer, kShortProbeTime);
  if (there) co_return;
  const auto pause = peer->breaker().found_silent();
  if (pause) opened(peer, *pause, "it is silent");
}

bool PeerProber::is_peers_failure(const Error& error, Clock::duration waited) const {
  const milliseconds longest = options_.timeout.value_or(options_.request_timeout * 3 / 5);
  const milliseconds fair = std::min(kFairTime, longest) * 9 / 10;
  return error.kind == ErrorKind::kUnreachable ||
         (error.kind == ErrorKind::kDeadlineExceeded && waited >= fair);
}

void PeerProber::count_failure(const PeerPtr& peer, const std::string& why) {
  if (peer->retired()) return;
  const auto pause = peer->breaker().failed();
  if (pause) opened(peer, *pause, why);
}

void PeerProber::opened(const PeerPtr& peer, milliseconds pause, std::string_view why) {
  log::warn("peer {} is not asked any more until it answers again: {}", peer->name(), why);
  if (options_.mode == RingMode::kGo) peer->forget_kind();
  // Kept connections may be dead without a sign of it.
  connections_.drop(peer);
  peer->let_go_all();
  probe_later(peer, pause);
}

void PeerProber::check_now(const PeerPtr& peer) {
  if (!peer->begin_check()) return;
  net::co_spawn(connections_.first().context(), check(peer),
                [peer](const std::exception_ptr&) { peer->end_check(); });
}

Awaitable<void> PeerProber::check(PeerPtr peer) {
  const bool there = co_await answers(peer, time_for(*peer));
  if (!there) count_failure(peer, "does not answer");
}

void PeerProber::probe_later(const PeerPtr& peer, milliseconds pause) {
  net::co_spawn(connections_.first().context(), probe_until_answered(peer, pause),
                [this, peer](const std::exception_ptr& thrown) {
                  if (thrown) probe_later(peer, Breaker::kLongestPause);
                });
}

Awaitable<void> PeerProber::probe_until_answered(PeerPtr peer, milliseconds pause) {
  Timer timer(connections_.first().context().get_executor());
  for (std::optional<milliseconds> next = pause; next;) {
    timer.expires_after(*next);
    co_await timer.async_wait(net::as_tuple(use_awaitable));
    if (peer->retired()) co_return;
    const bool there = co_await answers(peer, time_for(*peer));
    next = peer->breaker().probed(there);
  }
  log::info("peer {} answers again", peer->name());
}

// Uses a connection of its own, as the kept connections may be what is broken.
Awaitable<bool> PeerProber::answers(PeerPtr peer, milliseconds patience) {
  const auto client = connections_.first().make_client(*peer);
  ClientRequest request = probe_request(options_, *peer, patience);
  const Result<ClientResponse> response = co_await client->send(std::move(request));
  if (response.has_value()) {
    identify_peer(*peer, *response, options_);
    purges_.heard(peer, response->header(kPurgesField));
  }
  co_return response.has_value();
}

}  // namespace imageserver
