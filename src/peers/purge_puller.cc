#include "peers/purge_puller.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "peers/identify_peer.h"
#include "peers/peer_request.h"
#include "peers/purge_talk.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

constexpr milliseconds kPatience{2'000};

// The right to pull a peer's purges. It is given back when nobody waits for them any more, also
// where nothing was asked for want of memory.
class PullTurn {
 public:
  explicit PullTurn(PeerPtr peer) : peer_(std::move(peer)) {}
  ~PullTurn() { peer_->end_pull(Clock::now(), end); }
  PullTurn(const PullTurn&) = delete;
  PullTurn& operator=(const PullTurn&) = delete;

  std::atomic<Peer::PullEnd> end = Peer::PullEnd::kFailed;

 private:
  const PeerPtr peer_;
};

Error not_ours() { return {ErrorKind::kPeer, "it knows no purges"}; }

Error not_asked() { return {ErrorKind::kPeer, "it could not be asked"}; }

Error refused(const ClientResponse& response) {
  constexpr std::size_t kLongest = 200;
  std::string line(cut(response.body.view(), '\n').first.substr(0, kLongest));
  const bool is_plain = !line.empty() && std::ranges::all_of(line, is_printable_ascii);
  return {ErrorKind::kPeer,
          is_plain ? std::move(line) : "it answered " + std::to_string(response.status)};
}

Result<PurgePuller::Pulled> take(const PurgeTalk& talk, const ClientResponse& response) {
  using Pulled = PurgePuller::Pulled;
  if (response.status == 304) return Pulled::kSame;
  if (response.status != 200) return refused(response);
  const std::string before = talk.digest();
  if (Result<void> taken = talk.take_log(response.body.view()); taken.has_error()) {
    return taken.error();
  }
  return talk.differs(before) ? Pulled::kNew : Pulled::kNothingNew;
}

}  // namespace

void PurgePuller::heard(const PeerPtr& peer, std::string_view digest) {
  const PurgeTalk* const talk = options_.purges.get();
  if (talk == nullptr || digest.empty()) return;
  peer->say_purges(digest);
  if (talk->differs(digest)) catch_up(peer);
}

void PurgePuller::check(const PeerPtr& peer) {
  if (options_.purges) catch_up(peer);
}

void PurgePuller::catch_up(const PeerPtr& peer) {
  if (peer->retired() || !peer->begin_pull(Clock::now())) return;
  const auto turn = std::make_shared<PullTurn>(peer);
  pull(peer, kPatience, [turn, peer](const Result<Pulled>& pulled) {
    if (pulled.has_error()) {
      return log::debug("purges of {}: {}", peer->name(), pulled.error().message);
    }
    const bool is_vain = *pulled == Pulled::kNothingNew;
    turn->end = is_vain ? Peer::PullEnd::kOfNoUse : Peer::PullEnd::kOfUse;
  });
}

void PurgePuller::pull(const PeerPtr& peer, milliseconds patience, PullDone done) {
  const std::shared_ptr<const PurgeTalk> talk = options_.purges;
  if (!talk) return done(not_ours());
  ask(peer, {std::string(kPurgeLogKey), talk->fields()}, patience,
      [talk, done = std::move(done)](const Result<ClientResponse>& response) {
        done(response.has_error() ? Result<Pulled>(response.error()) : take(*talk, *response));
      });
}

void PurgePuller::tell(const PeerPtr& peer, const PurgeRecord& record, milliseconds patience,
                       TellDone done) {
  const std::shared_ptr<const PurgeTalk> talk = options_.purges;
  if (!talk) return done(not_ours());
  ask(peer, {std::string(kPurgeKey), talk->fields_with(record)}, patience,
      [done = std::move(done)](const Result<ClientResponse>& response) {
        if (response.has_error()) return done(response.error());
        if (response->status != 200) return done(refused(*response));
        done({});
      });
}

void PurgePuller::ask(const PeerPtr& peer, const Asked& asked, milliseconds patience,
                      Answered done) {
  if (peer->kind() == PeerKind::kGo) return done(not_ours());
  PeerConnections::Shard& shard = connections_.shard_to_use();
  net::dispatch(shard.context(), [this, &shard, peer, asked, deadline = Clock::now() + patience,
                                  done = std::move(done)] {
    try {
      send(shard, peer, asked, deadline, done);
    } catch (const std::exception&) {
      done(not_asked());
    }
  });
}

// A peer that may be a Go node is sent our fields once it has shown that it is none.
void PurgePuller::send(PeerConnections::Shard& shard, const PeerPtr& peer, const Asked& asked,
                       Deadline deadline, const Answered& done) {
  const bool may_be_go = options_.mode == RingMode::kGo && peer->kind() == PeerKind::kUnknown;
  ClientRequest request =
      purge_request(options_, peer, asked.key, may_be_go ? "" : asked.fields, deadline);
  net::co_spawn(shard.context(), shard.client_of(peer)->send(std::move(request)),
                [this, &shard, peer, asked, deadline, done, may_be_go](
                    const std::exception_ptr& thrown, const Result<ClientResponse>& response) {
                  if (thrown) return done(not_asked());
                  if (response.has_error()) return done(response);
                  identify_peer(*peer, *response, options_);
                  if (response->header(kRingField).empty()) return done(not_ours());
                  peer->say_purges(response->header(kPurgesField));
                  may_be_go ? send(shard, peer, asked, deadline, done) : done(response);
                });
}

}  // namespace imageserver
