#include "peers/peer_client.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "params/go_params.h"
#include "peers/identify_peer.h"
#include "peers/peer_answer.h"
#include "peers/peer_request.h"

namespace imageserver {
namespace {

using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;

// The most that all bodies of one peer may take together while they arrive.
constexpr std::size_t kMaxPeerBodies = 2 * kMaxPeerBody;

// A query with less time left asks no peer.
constexpr milliseconds kLeastTime{10};

Outcome not_answered(ErrorKind kind, std::string_view why, Failure failure) {
  return {Error{kind, std::string(why)}, failure};
}

// Why the peer is not asked at all. None if it is asked; a place is then taken (Peer::enter).
std::optional<Outcome> refusal(Peer* peer, const Query& query) {
  if (peer == nullptr) {
    return not_answered(ErrorKind::kUnreachable, "has left the ring", Failure::kAway);
  }
  if (peer->kind() == PeerKind::kGo && !has_only_go_params(query.params)) {
    return not_answered(ErrorKind::kPeer, "knows no such params", Failure::kNotAsked);
  }
  if (query.deadline - Clock::now() < kLeastTime) {
    return not_answered(ErrorKind::kDeadlineExceeded, "out of time", Failure::kNotAsked);
  }
  if (!peer->breaker().allows()) {
    return not_answered(ErrorKind::kUnreachable, "does not answer", Failure::kAway);
  }
  if (!peer->enter()) {
    return not_answered(ErrorKind::kUnreachable, "has too many requests to answer", Failure::kAway);
  }
  return std::nullopt;
}

bool is_peers_fault(const Outcome& outcome) {
  return outcome.image.has_error() && outcome.image.error().kind != ErrorKind::kCancelled &&
         (outcome.failure == Failure::kAway || outcome.failure == Failure::kBad);
}

void note_fault(Peer& peer, const Outcome& outcome) {
  const std::string& why = outcome.image.error().message;
  peer.failed(why);
  log::debug("peer {}: {}", peer.name(), why);
  if (outcome.failure == Failure::kBad && peer.take_answer_warning(Clock::now())) {
    log::warn("peer {} answers what it must not: {}", peer.name(), why);
  }
}

}  // namespace

// One fetch under way. Any thread may request the stop; the signal is emitted on the fetch's own.
class PeerClient::Fetch : public std::enable_shared_from_this<PeerClient::Fetch> {
 public:
  // REQUIRES: a place with the peer was taken. The fetch gives it back at its end.
  Fetch(Executor executor, PeerPtr peer, std::function<void(Outcome)> done)
      : executor_(std::move(executor)), peer_(std::move(peer)), done_(std::move(done)) {}

  ~Fetch() { peer_->leave(); }

  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  void start(Awaitable<Outcome> exchange, std::stop_token stop) {
    stop_callback_.emplace(std::move(stop), Stop{weak_from_this()});
    net::co_spawn(executor_, std::move(exchange),
                  net::bind_cancellation_slot(
                      signal_.slot(), [self = shared_from_this()](const std::exception_ptr& thrown,
                                                                  Outcome outcome) {
                        self->end(thrown, std::move(outcome));
                      }));
  }

  // Called once.
  void end(const std::exception_ptr& thrown, Outcome outcome) {
    stop_callback_.reset();
    if (thrown) outcome = not_answered(ErrorKind::kPeer, "could not be asked", Failure::kBad);
    done_(std::move(outcome));
  }

 private:
  struct Stop {
    std::weak_ptr<Fetch> fetch;

    void operator()() const {
      const auto self = fetch.lock();
      if (!self) return;
      net::post(self->executor_, [self] { self->signal_.emit(net::cancellation_type::terminal); });
    }
  };

  const Executor executor_;
  const PeerPtr peer_;
  const std::function<void(Outcome)> done_;
  net::cancellation_signal signal_;
  std::optional<std::stop_callback<Stop>> stop_callback_;
};

PeerClient::PeerClient(IoPool& pool, PeerOptions options)
    : options_(std::move(options)), connections_(pool), prober_(connections_, options_) {}

PeerClient::~PeerClient() = default;

void PeerClient::fetch(const std::string& node, QueryPtr query, std::stop_token stop,
                       std::function<void(Outcome)> done) {
  const PeerPtr peer = find(node);
  if (auto refused = refusal(peer.get(), *query)) return done(*std::move(refused));
  PeerConnections::Shard& shard = connections_.shard_to_use();
  auto fetch = std::make_shared<Fetch>(shard.context().get_executor(), peer, std::move(done));
  auto begin = [this, fetch = std::move(fetch), &shard, peer, query = std::move(query),
                stop = std::move(stop)]() mutable {
    try {
      fetch->start(exchange(shard.client_of(peer), peer, std::move(query)), std::move(stop));
    } catch (const std::exception&) {
      fetch->end(std::current_exception(), not_answered(ErrorKind::kPeer, {}, Failure::kBad));
    }
  };
  net::dispatch(shard.context(), std::move(begin));
}

bool PeerClient::is_away(const std::string& node) const {
  const PeerPtr peer = find(node);
  return !peer || peer->kind() == PeerKind::kGo || !peer->breaker().allows();
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

PeerPtr PeerClient::find(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = peers_.find(name);
  return found == peers_.end() ? nullptr : found->second;
}

Awaitable<PeerTransport::Outcome> PeerClient::exchange(std::shared_ptr<Client> client, PeerPtr peer,
                                                       QueryPtr query) {
  const Peer::QuestionPtr question = question_of(*query);
  ClientRequest request = fetch_request(options_, peer, question, query->deadline);
  const auto begun = Clock::now();
  const Result<ClientResponse> response = co_await client->send(std::move(request));
  Outcome outcome = read_peer_answer(response, *query);
  if (outcome.image.has_error()) peer->remember_failed(question);
  if (is_peers_fault(outcome)) note_fault(*peer, outcome);
  note(peer, response, Clock::now() - begun);
  co_return outcome;
}

void PeerClient::note(const PeerPtr& peer, const Result<ClientResponse>& response,
                      Clock::duration taken) {
  if (response.has_error()) return prober_.unanswered(peer, response.error(), taken);
  identify_peer(*peer, *response, options_);
  peer->answered(taken);
  peer->breaker().succeeded();
}

}  // namespace imageserver
