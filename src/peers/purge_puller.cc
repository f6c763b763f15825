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
  ~PullTurn() { peer_->end_pull(Clock::now(), was_of_use); }
  PullTurn(const PullTurn&) = delete;
  PullTurn& operator=(const PullTurn&) = delete;

  std::atomic<bool> was_of_use = false;

 private:
  const PeerPtr peer_;
};

Error not_ours() { return {ErrorKind::kPeer, "it knows no purges"}; }

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
  if (!talk.take_log(response.body.view())) {
    return Error{ErrorKind::kPeer, "its purges are not proven"};
  }
  return talk.differs(before) ? Pulled::kNew : Pulled::kNothingNew;
}

}  // namespace

void PurgePuller::heard(const PeerPtr& peer, std::string_view digest) {
  const PurgeTalk* const talk = options_.purges.get();
  if (talk != nullptr && talk->differs(digest)) catch_up(peer);
}

void PurgePuller::check(const PeerPtr& peer) {
  if (options_.purges) catch_up(peer);
}

void PurgePuller::catch_up(const PeerPtr& peer) {
  if (peer->retired() || !peer->begin_pull(Clock::now())) return;
  const auto turn = std::make_shared<PullTurn>(peer);
  pull(peer, kPatience, [turn, peer](const Result<Pulled>& pulled) {
    if (pulled.has_error()) log::debug("purges of {}: {}", peer->name(), pulled.error().message);
    turn->was_of_use = pulled.has_value() && *pulled != Pulled::kNothingNew;
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
    net::co_spawn(shard.context(),
                  shard.client_of(peer)->send(
                      purge_request(options_, peer, asked.key, asked.fields, deadline)),
                  [this, peer, done](const std::exception_ptr& thrown,
                                     const Result<ClientResponse>& response) {
                    if (thrown) return done(Error{ErrorKind::kPeer, "it could not be asked"});
                    if (response.has_error()) return done(response);
                    identify_peer(*peer, *response, options_);
                    if (response->header(kRingField).empty()) return done(not_ours());
                    done(response);
                  });
  });
}

}  // namespace imageserver
