#include "peers/peer_client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "http/byte_budget.h"
#include "http/endpoint_cache.h"
#include "http/retry_budget.h"
#include "params/go_params.h"
#include "params/limits.h"
#include "peers/peer_answer.h"
#include "peers/wire/context_header.h"
#include "peers/wire/peer_signature.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

// A result at its largest, uncompressed, and what stands around it.
constexpr std::size_t kMaxPeerBody = 4 * std::size_t{kMaxOutputPixels} + (1U << 20U);

// Of all answers of one peer that arrive at the same time: whatever it sends, memory stays bounded.
constexpr std::size_t kMaxPeerBodies = 2 * kMaxPeerBody;

// With less time left it is no use to ask.
constexpr milliseconds kLeastTime{10};

// Who was given less, of what others have used up, is not to blame for having no answer in it.
constexpr milliseconds kFairTime{100};

// Who has not answered for so long, when the last who waited gave up, may be away.
constexpr milliseconds kSuspicion{500};

// An answer to a probe is short, unless the question is one for a Go node.
constexpr milliseconds kProbeTime{2'000};

// No group, no key: answered with 400 by every node, and counted by none.
constexpr std::string_view kProbeTarget = "/_groupcache/imageserver";

// What is left of the time for the answer to come back, so that a peer that runs out of it can say
// so before we stop listening.
constexpr milliseconds kLongestWayBack{100};

Deadline hop_deadline(Deadline query_deadline, std::optional<milliseconds> timeout) {
  const auto now = Clock::now();
  const auto share = timeout ? Clock::duration(*timeout) : (query_deadline - now) * 3 / 5;
  return std::min(query_deadline, now + share);
}

std::string field(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

PeerTransport::Outcome not_answered(ErrorKind kind, std::string_view why,
                                    PeerTransport::Failure failure) {
  return {Error{kind, std::string(why)}, failure};
}

bool is_peers_fault(const PeerTransport::Outcome& answer) {
  return answer.image.has_error() && answer.image.error().kind != ErrorKind::kCancelled &&
         (answer.failure == PeerTransport::Failure::kAway ||
          answer.failure == PeerTransport::Failure::kBad);
}

// Why the peer is not asked at all; none, and there is a place taken (Peer::enter), if it is.
std::optional<PeerTransport::Outcome> refusal(Peer* peer, const Query& query) {
  using Failure = PeerTransport::Failure;
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

}  // namespace

// One I/O thread's connections.
struct PeerClient::Lane {
  explicit Lane(net::io_context& context_of_thread) : context(context_of_thread) {}

  [[nodiscard]] std::shared_ptr<Client> make_client(
      const Peer& peer, const std::shared_ptr<RetryBudget>& retries) const {
    return std::make_shared<Client>(context, ClientLimits{},
                                    ClientShared{retries, peer.bytes(), endpoints});
  }

  [[nodiscard]] std::shared_ptr<Client> client_of(const PeerPtr& peer,
                                                  const std::shared_ptr<RetryBudget>& retries) {
    const auto found = clients.find(peer);
    if (found != clients.end()) return found->second;
    auto client = make_client(*peer, retries);
    if (!peer->retired()) clients.emplace(peer, client);
    return client;
  }

  void drop_retired() {
    std::erase_if(clients, [](const auto& entry) { return entry.first->retired(); });
  }

  net::io_context& context;
  const std::shared_ptr<EndpointCache> endpoints = std::make_shared<EndpointCache>();
  std::unordered_map<PeerPtr, std::shared_ptr<Client>> clients;  // on the context's thread only
};

// One fetch under way. `stop` may be requested from any thread; the signal is for the fetch's own.
class PeerClient::Fetch : public std::enable_shared_from_this<PeerClient::Fetch> {
 public:
  // REQUIRES: a place with the peer was taken, which is given back at the end.
  Fetch(Executor executor, PeerPtr peer, std::function<void(PeerTransport::Outcome)> done)
      : executor_(std::move(executor)), peer_(std::move(peer)), done_(std::move(done)) {}

  ~Fetch() { peer_->leave(); }

  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  void start(Awaitable<Outcome> exchange, std::stop_token stop) {
    stop_callback_.emplace(std::move(stop), Stop{weak_from_this()});
    net::co_spawn(executor_, std::move(exchange),
                  net::bind_cancellation_slot(
                      signal_.slot(), [self = shared_from_this()](const std::exception_ptr& thrown,
                                                                  PeerTransport::Outcome answer) {
                        self->end(thrown, std::move(answer));
                      }));
  }

  // Called once.
  void end(const std::exception_ptr& thrown, PeerTransport::Outcome answer) {
    stop_callback_.reset();
    if (thrown) answer = not_answered(ErrorKind::kPeer, "could not be asked", Failure::kBad);
    done_(std::move(answer));
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
  const std::function<void(PeerTransport::Outcome)> done_;
  net::cancellation_signal signal_;
  std::optional<std::stop_callback<Stop>> stop_callback_;
};

PeerClient::PeerClient(IoPool& pool, PeerClientOptions options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < pool.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(pool.at(i)));
  }
}

PeerClient::~PeerClient() = default;

void PeerClient::fetch(const std::string& node, QueryPtr query, std::stop_token stop,
                       std::function<void(Outcome)> done) {
  const PeerPtr peer = find(node);
  if (auto refused = refusal(peer.get(), *query)) return done(*std::move(refused));
  Lane& lane = lane_to_use();
  auto fetch = std::make_shared<Fetch>(lane.context.get_executor(), peer, std::move(done));
  auto begin = [this, fetch = std::move(fetch), &lane, peer, query = std::move(query),
                stop = std::move(stop)]() mutable {
    try {
      auto client = lane.client_of(peer, retries_);
      ClientRequest request = request_to(*peer, *query);
      fetch->start(exchange(std::move(client), peer, std::move(request), std::move(query)),
                   std::move(stop));
    } catch (const std::exception&) {
      fetch->end(std::current_exception(), not_answered(ErrorKind::kPeer, {}, Failure::kBad));
    }
  };
  net::dispatch(lane.context, std::move(begin));
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
  for (const auto& lane : lanes_) {
    net::post(lane->context, [&lane = *lane] { lane.drop_retired(); });
  }
}

std::vector<PeerView> PeerClient::peers() const {
  const MutexLock lock(mutex_);
  std::vector<PeerView> views;
  views.reserve(peers_.size());
  for (const auto& [name, peer] : peers_) views.push_back(peer->view());
  return views;
}

PeerClient::PeerPtr PeerClient::find(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = peers_.find(name);
  return found == peers_.end() ? nullptr : found->second;
}

// The caller's own, so that nothing changes threads; each in turn for who is no I/O thread.
PeerClient::Lane& PeerClient::lane_to_use() {
  for (const auto& lane : lanes_) {
    if (lane->context.get_executor().running_in_this_thread()) return *lane;
  }
  return *lanes_[turn_.fetch_add(1, std::memory_order_relaxed) % lanes_.size()];
}

ClientRequest PeerClient::request_to(const Peer& peer, const Query& query) const {
  std::string target = std::string(kPeerPath) + std::string(kGroupName) + '/' + query.key;
  std::string context = encode_context_header(query.params);
  const Deadline deadline = hop_deadline(query.deadline, options_.timeout);
  ClientRequest request(peer.authority(), target, kMaxPeerBody, deadline);
  request.fields = field(kContextHeader, context);
  request.fresh_fields = [this, &peer, target = std::move(target), context = std::move(context),
                          deadline] { return fresh_fields(peer, target, context, deadline); };
  return request;
}

std::string PeerClient::fresh_fields(const Peer& peer, const std::string& target,
                                     const std::string& context, Deadline deadline) const {
  return deadline_field(peer, deadline) + signature_field(peer, target, context);
}

// Not for a Go node, which is sent nothing but what it knows.
std::string PeerClient::deadline_field(const Peer& peer, Deadline deadline) const {
  const bool may_be_go = options_.mode == RingMode::kGo && peer.kind() != PeerKind::kOurs;
  if (may_be_go || peer.kind() == PeerKind::kGo) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  const auto for_peer = left - std::min(left / 10, kLongestWayBack);
  return field(kDeadlineField, std::to_string(std::max<std::int64_t>(for_peer.count(), 1)));
}

// Who shares a secret expects no Go nodes, so that one that is not known yet is none.
std::string PeerClient::signature_field(const Peer& peer, std::string_view target,
                                        std::string_view context) const {
  if (options_.secret.empty() || peer.kind() == PeerKind::kGo) return {};
  const SignedParts parts = {"GET", target, context};
  return field(kSignatureHeader, sign(options_.secret, parts, seconds_since_1970(), make_nonce()));
}

Awaitable<PeerTransport::Outcome> PeerClient::exchange(std::shared_ptr<Client> client, PeerPtr peer,
                                                       ClientRequest request, QueryPtr query) {
  Peer::Question question{request.target, encode_context_header(query->params)};
  const auto begun = Clock::now();
  const Result<ClientResponse> response = co_await client->send(std::move(request));
  Outcome answer = read_peer_answer(response, *query);
  if (answer.image.has_error()) peer->remember(std::move(question));
  if (is_peers_fault(answer)) {
    peer->failed(answer.image.error().message);
    complain(*peer, answer);
  }
  if (response.has_value()) {
    identify(*peer, *response);
    peer->answered(Clock::now() - begun);
    peer->breaker().succeeded();
  } else {
    unheard(peer, response.error(), Clock::now() - begun);
  }
  co_return answer;
}

// One of ours may answer without the mark, where a request did not get as far as to its handlers:
// that makes it no Go node, unless these are to be expected or it even has a picture.
void PeerClient::identify(Peer& peer, const ClientResponse& response) {
  const std::string_view ring = response.header(kRingField);
  if (!ring.empty()) {
    peer.identified(PeerKind::kOurs, ring);
  } else if (options_.mode == RingMode::kGo || response.status == 200) {
    peer.identified(PeerKind::kGo, {});
  }
  if (peer.disagrees(options_.fingerprint(), Clock::now())) {
    log::warn(
        "peer {} sees another ring than this node: they were given different names, unless a "
        "node is just joining or leaving",
        peer.name());
  }
}

void PeerClient::complain(Peer& peer, const Outcome& answer) const {
  const std::string& why = answer.image.error().message;
  log::debug("peer {}: {}", peer.name(), why);
  if (answer.failure == Failure::kBad && peer.complains(Clock::now())) {
    log::warn("peer {} answers what it must not: {}", peer.name(), why);
  }
}

// Only who cannot be reached or does not answer in time is left alone for a while. Where clients
// are less patient than this node, nobody may be left to see the time run out.
void PeerClient::unheard(const PeerPtr& peer, const Error& error, Clock::duration waited) {
  const milliseconds whole = options_.timeout.value_or(options_.request_timeout * 3 / 5);
  const milliseconds fair = std::min(kFairTime, whole) * 9 / 10;
  const bool in_vain = error.kind == ErrorKind::kUnreachable ||
                       (error.kind == ErrorKind::kDeadlineExceeded && waited >= fair);
  if (in_vain) {
    count_failure(peer, error.message);
  } else if (error.kind == ErrorKind::kCancelled && waited >= kSuspicion) {
    look(peer);
  }
}

void PeerClient::count_failure(const PeerPtr& peer, const std::string& why) {
  if (peer->retired()) return;
  const auto pause = peer->breaker().failed();
  if (!pause) return;
  log::warn("peer {} is not asked any more until it answers again: {}", peer->name(), why);
  if (options_.mode == RingMode::kGo) peer->forget_kind();
  forget_connections(peer);
  probe_later(peer, *pause);
}

// They may lead nowhere, without anybody knowing it.
void PeerClient::forget_connections(const PeerPtr& peer) {
  for (const auto& lane : lanes_) {
    net::post(lane->context, [&lane = *lane, peer] { lane.clients.erase(peer); });
  }
}

// Sees, off the path of any request, whether the peer is there.
void PeerClient::look(const PeerPtr& peer) {
  if (!peer->begin_looking()) return;
  net::co_spawn(lanes_.front()->context, look_once(peer),
                [peer](const std::exception_ptr&) { peer->done_looking(); });
}

Awaitable<void> PeerClient::look_once(PeerPtr peer) {
  const bool there = co_await answers(peer);
  if (!there) count_failure(peer, "does not answer");
}

void PeerClient::probe_later(const PeerPtr& peer, milliseconds pause) {
  net::co_spawn(lanes_.front()->context, probe_until_answered(peer, pause),
                [this, peer](const std::exception_ptr& thrown) {
                  if (thrown) probe_later(peer, Breaker::kLongestPause);
                });
}

Awaitable<void> PeerClient::probe_until_answered(PeerPtr peer, milliseconds pause) {
  Timer timer(lanes_.front()->context.get_executor());
  for (std::optional<milliseconds> next = pause; next;) {
    timer.expires_after(*next);
    co_await timer.async_wait(net::as_tuple(use_awaitable));
    if (peer->retired()) co_return;
    peer->breaker().probing();
    const bool there = co_await answers(peer);
    next = peer->breaker().probed(there);
  }
  log::info("peer {} answers again", peer->name());
}

// On a connection of its own, as those that are kept may be what is broken.
Awaitable<bool> PeerClient::answers(PeerPtr peer) {
  const auto client = lanes_.front()->make_client(*peer, retries_);
  ClientRequest request = probe_of(*peer);
  const Result<ClientResponse> response = co_await client->send(std::move(request));
  if (response.has_value()) identify(*peer, *response);
  co_return response.has_value();
}

// A Go node is never sent anything but the GET it knows: the last one that failed.
ClientRequest PeerClient::probe_of(const Peer& peer) const {
  const PeerKind kind = peer.kind();
  const bool ours = kind == PeerKind::kOurs ||
                    (kind == PeerKind::kUnknown && options_.mode == RingMode::kBalanced);
  Peer::Question question{std::string(kProbeTarget), {}};
  if (!ours) question = peer.question();
  ClientRequest request(peer.authority(), question.target, kMaxPeerBody, Clock::now() + kProbeTime);
  if (!question.context.empty()) request.fields = field(kContextHeader, question.context);
  request.fields += signature_field(peer, question.target, question.context);
  return request;
}

}  // namespace imageserver
