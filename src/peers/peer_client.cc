#include "peers/peer_client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "params/go_params.h"
#include "peers/peer_request.h"

namespace imageserver {
namespace {

using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;

// The most that all bodies of one peer may take together while they arrive.
constexpr std::size_t kMaxPeerBodies = 2 * kMaxPeerBody;

// A query with less time left asks no peer.
constexpr milliseconds kLeastTime{10};

// Between two peers that are asked in turn for their purges.
constexpr milliseconds kBetweenPulls{1'000};

Error has_left() { return {ErrorKind::kUnreachable, "it has left the ring"}; }

Outcome not_answered(ErrorKind kind, std::string_view why, Failure failure) {
  return {Error{kind, std::string(why)}, failure};
}

// Nodes of ours that know more than pictures send interim answers as well.
bool may_know_more(const Peer& peer) {
  return peer.kind() == PeerKind::kUnknown ||
         (peer.kind() == PeerKind::kOurs && peer.speaks_interim());
}

// Why the peer is not asked at all; none if it may be.
std::optional<Outcome> refusal(const Peer* peer, const Query& query) {
  if (peer == nullptr) {
    return not_answered(ErrorKind::kUnreachable, "has left the ring", Failure::kAway);
  }
  if (peer->kind() == PeerKind::kGo && !has_only_go_params(query.params)) {
    return not_answered(ErrorKind::kPeer, "knows no such params", Failure::kNotAsked);
  }
  if (query.of != Query::Of::kPicture && !may_know_more(*peer)) {
    return not_answered(ErrorKind::kPeer, "knows nothing but pictures", Failure::kNotAsked);
  }
  if (query.deadline - Clock::now() < kLeastTime) {
    return not_answered(ErrorKind::kDeadlineExceeded, "out of time", Failure::kNotAsked);
  }
  return std::nullopt;
}

}  // namespace

PeerClient::PeerClient(IoPool& pool, PeerOptions options)
    : options_(std::move(options)),
      connections_(pool),
      purges_(connections_, options_),
      prober_(connections_, options_, purges_, [this] { return may_leave_out(); }),
      context_{options_, prober_, purges_, connections_.retries()} {}

PeerClient::~PeerClient() = default;

void PeerClient::fetch(const std::string& node, Terms terms, QueryPtr query, std::stop_token stop,
                       Events events) {
  const PeerPtr peer = find(node);
  if (auto refused = refusal(peer.get(), *query)) return events.done(*std::move(refused));
  const Breaker::Permit permit = peer->breaker().permit();
  if (permit == Breaker::Permit::kNo) {
    return events.done(not_answered(ErrorKind::kUnreachable, "does not answer", Failure::kAway));
  }
  PeerConnections::Shard& shard = connections_.shard_to_use();
  auto fetch =
      std::make_shared<PeerFetch>(context_, shard.context().get_executor(), peer,
                                  PeerFetch::Terms{permit, terms}, std::move(query), events);
  if (!peer->enter(fetch)) {
    if (permit == Breaker::Permit::kTrial) peer->breaker().trial_ended();
    return events.done(
        not_answered(ErrorKind::kUnreachable, "has too many requests to answer", Failure::kAway));
  }
  auto begin = [fetch = std::move(fetch), &shard, peer, stop = std::move(stop)]() mutable {
    try {
      fetch->start(shard.client_of(peer), std::move(stop));
    } catch (const std::exception&) {
      fetch->fail();
    }
  };
  net::dispatch(shard.context(), std::move(begin));
}

bool PeerClient::is_away(const std::string& node) const {
  const PeerPtr peer = find(node);
  return !peer || peer->kind() == PeerKind::kGo || !peer->breaker().steady();
}

void PeerClient::set_peers(const std::vector<std::string>& names) {
  const MutexLock lock(mutex_);
  std::map<std::string, PeerPtr, std::less<>> next;
  for (const std::string& name : names) {
    const auto known = peers_.find(name);
    next.emplace(
        name, known == peers_.end() ? std::make_shared<Peer>(name, kMaxPeerBodies) : known->second);
  }
  for (const auto& [name, peer] : peers_) {
    if (!next.contains(name)) peer->retire();
  }
  peers_.swap(next);
  connections_.drop_retired();
}

std::vector<PeerView> PeerClient::peers() const {
  const MutexLock lock(mutex_);
  std::vector<PeerView> views;
  views.reserve(peers_.size());
  for (const auto& [name, peer] : peers_) views.push_back(peer->view());
  return views;
}

void PeerClient::heard_purges(const std::string& node, std::string_view digest) {
  if (const PeerPtr peer = find(node)) purges_.heard(peer, digest);
}

void PeerClient::keep_up_with_purges() {
  net::co_spawn(connections_.first().context(), pull_in_turn(),
                [this](const std::exception_ptr& thrown) {
                  if (thrown) keep_up_with_purges();
                });
}

void PeerClient::pull_purges(const std::string& node, milliseconds patience,
                             PurgePuller::PullDone done) {
  const PeerPtr peer = find(node);
  peer ? purges_.pull(peer, patience, std::move(done)) : done(has_left());
}

void PeerClient::tell_purge(const std::string& node, const PurgeRecord& record,
                            milliseconds patience, PurgePuller::TellDone done) {
  const PeerPtr peer = find(node);
  peer ? purges_.tell(peer, record, patience, std::move(done)) : done(has_left());
}

Awaitable<void> PeerClient::pull_in_turn() {
  Timer timer(connections_.first().context().get_executor());
  while (true) {
    timer.expires_after(kBetweenPulls);
    co_await timer.async_wait(net::as_tuple(use_awaitable));
    if (const PeerPtr peer = next_peer()) purges_.check(peer);
  }
}

// Those that are left out are probed, and hear of purges by that.
PeerPtr PeerClient::next_peer() {
  const MutexLock lock(mutex_);
  auto next = peers_.upper_bound(last_in_turn_);
  if (next == peers_.end()) next = peers_.begin();
  if (next == peers_.end()) return nullptr;
  last_in_turn_ = next->first;
  return next->second->breaker().closed() ? next->second : nullptr;
}

PeerPtr PeerClient::find(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = peers_.find(name);
  return found == peers_.end() ? nullptr : found->second;
}

// Whether one peer more may be left out: with it, those that are not asked are at most half of the
// ring, this node counted.
bool PeerClient::may_leave_out() const {
  const MutexLock lock(mutex_);
  const auto out = static_cast<std::size_t>(std::ranges::count_if(
      peers_, [](const auto& entry) { return !entry.second->breaker().closed(); }));
  return 2 * (out + 1) <= peers_.size() + 1;
}

}  // namespace imageserver
