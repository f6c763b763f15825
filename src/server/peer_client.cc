#include "server/peer_client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "groupcache/context_header.h"
#include "groupcache/peer_signature.h"
#include "http/byte_budget.h"
#include "http/retry_budget.h"
#include "params/seed_params.h"
#include "server/peer_answer.h"
#include "server/peer_headers.h"
#include "server/peer_path.h"
#include "server/wall_clock.h"

namespace imageserver {
namespace {

// A result at its largest, uncompressed, and what stands around it.
constexpr std::size_t kMaxPeerBody = 4 * std::size_t{kMaxOutputPixels} + (1U << 20U);

// Of all answers that arrive at the same time: whatever peers send, memory stays bounded.
constexpr std::size_t kMaxPeerBodies = 4 * kMaxPeerBody;

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

Peers::Answer not_answered(ErrorKind kind, std::string_view why, Peers::Failure failure) {
  return {Error{kind, std::string(why)}, failure};
}

bool is_peers_fault(const Peers::Answer& answer) {
  return answer.image.has_error() && answer.image.error().kind != ErrorKind::kCancelled &&
         (answer.failure == Peers::Failure::kAway || answer.failure == Peers::Failure::kBad);
}

}  // namespace

// One I/O thread's connections.
struct PeerClient::Lane {
  explicit Lane(net::io_context& context_of_thread) : context(context_of_thread) {}

  [[nodiscard]] std::shared_ptr<Client> client_of(const PeerPtr& peer,
                                                  const ClientBudgets& budgets) {
    const auto found = clients.find(peer);
    if (found != clients.end()) return found->second;
    auto client = std::make_shared<Client>(context, ClientLimits{}, budgets);
    if (!peer->retired()) clients.emplace(peer, client);
    return client;
  }

  void drop_retired() {
    std::erase_if(clients, [](const auto& entry) { return entry.first->retired(); });
  }

  net::io_context& context;
  std::unordered_map<PeerPtr, std::shared_ptr<Client>> clients;  // on the context's thread only
};

// One fetch under way. `stop` may be requested from any thread; the signal is for the fetch's own.
class PeerClient::Fetch : public std::enable_shared_from_this<PeerClient::Fetch> {
 public:
  Fetch(Executor executor, std::function<void(Peers::Answer)> done)
      : executor_(std::move(executor)), done_(std::move(done)) {}

  void start(Awaitable<Answer> exchange, std::stop_token stop) {
    stop_callback_.emplace(std::move(stop), Stop{weak_from_this()});
    net::co_spawn(executor_, std::move(exchange),
                  net::bind_cancellation_slot(
                      signal_.slot(), [self = shared_from_this()](const std::exception_ptr& thrown,
                                                                  Peers::Answer answer) {
                        self->end(thrown, std::move(answer));
                      }));
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

  void end(const std::exception_ptr& thrown, Peers::Answer answer) {
    stop_callback_.reset();
    if (thrown) answer = not_answered(ErrorKind::kPeer, "could not be asked", Failure::kBad);
    done_(std::move(answer));
  }

  const Executor executor_;
  const std::function<void(Peers::Answer)> done_;
  net::cancellation_signal signal_;
  std::optional<std::stop_callback<Stop>> stop_callback_;
};

PeerClient::PeerClient(IoPool& pool, PeerClientOptions options)
    : options_(std::move(options)),
      budgets_{std::make_shared<RetryBudget>(), std::make_shared<ByteBudget>(kMaxPeerBodies)} {
  for (std::size_t i = 0; i < pool.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(pool.at(i)));
  }
}

PeerClient::~PeerClient() = default;

void PeerClient::fetch(const std::string& node, QueryPtr query, std::stop_token stop,
                       std::function<void(Answer)> done) {
  const PeerPtr peer = find(node);
  if (!peer) {
    return done(not_answered(ErrorKind::kUnreachable, "has left the ring", Failure::kAway));
  }
  if (peer->kind() == PeerKind::kGo && !has_only_seed_params(query->params)) {
    return done(not_answered(ErrorKind::kPeer, "knows no such params", Failure::kNotAsked));
  }
  if (!peer->breaker().allows()) {
    return done(not_answered(ErrorKind::kUnreachable, "does not answer", Failure::kAway));
  }
  Lane& lane = next_lane();
  auto fetch = std::make_shared<Fetch>(lane.context.get_executor(), std::move(done));
  net::post(lane.context, [this, fetch = std::move(fetch), &lane, peer, query = std::move(query),
                           stop = std::move(stop)]() mutable {
    auto client = lane.client_of(peer, budgets_);
    ClientRequest request = request_to(*peer, *query);
    fetch->start(exchange(std::move(client), peer, std::move(request), std::move(query)),
                 std::move(stop));
  });
}

bool PeerClient::is_away(const std::string& node) const {
  const PeerPtr peer = find(node);
  return !peer || peer->kind() == PeerKind::kGo || !peer->breaker().allows();
}

void PeerClient::set_peers(const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, PeerPtr, std::less<>> next;
  for (const std::string& name : names) {
    const auto known = peers_.find(name);
    next.emplace(name, known == peers_.end() ? std::make_shared<Peer>(name) : known->second);
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
  const std::lock_guard lock(mutex_);
  std::vector<PeerView> views;
  for (const auto& [name, peer] : peers_) views.push_back(peer->view());
  return views;
}

PeerClient::PeerPtr PeerClient::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(name);
  return found == peers_.end() ? nullptr : found->second;
}

PeerClient::Lane& PeerClient::next_lane() {
  return *lanes_[turn_.fetch_add(1, std::memory_order_relaxed) % lanes_.size()];
}

ClientRequest PeerClient::request_to(const Peer& peer, const Query& query) const {
  std::string target = std::string(kPeerPath) + std::string(kGroupName) + '/' + query.key;
  const std::string context = encode_context_header(query.params);
  const Deadline deadline = hop_deadline(query.deadline, options_.timeout);
  std::string fields = field(kContextHeader, context) + deadline_field(peer, deadline) +
                       signature_field(target, context);
  ClientRequest request(peer.authority(), std::move(target), kMaxPeerBody, deadline);
  request.fields = std::move(fields);
  return request;
}

// Not for a Go node, which is sent nothing but what it knows.
std::string PeerClient::deadline_field(const Peer& peer, Deadline deadline) const {
  const bool may_be_go = options_.mode == RingMode::kGo && peer.kind() != PeerKind::kOurs;
  if (may_be_go || peer.kind() == PeerKind::kGo) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  const auto for_peer = left - std::min(left / 10, kLongestWayBack);
  return field(kDeadlineField, std::to_string(std::max<std::int64_t>(for_peer.count(), 1)));
}

std::string PeerClient::signature_field(std::string_view target, std::string_view context) const {
  if (options_.secret.empty()) return {};
  const SignedParts parts = {"GET", target, context};
  return field(kSignatureHeader, sign(options_.secret, parts, seconds_since_1970(), make_nonce()));
}

Awaitable<Peers::Answer> PeerClient::exchange(std::shared_ptr<Client> client, PeerPtr peer,
                                              ClientRequest request, QueryPtr query) {
  Peer::Question question{request.target, request.fields};
  const auto begun = Clock::now();
  const Result<ClientResponse> response = co_await client->send(std::move(request));
  Answer answer = peer_answer(response, *query);
  if (is_peers_fault(answer)) {
    peer->failed(answer.image.error().message);
    peer->remember(std::move(question));
    log::debug("peer {}: {}", peer->name(), answer.image.error().message);
  }
  if (response.has_value()) {
    heard(*peer, *response, Clock::now() - begun);
  } else {
    unheard(peer, response.error());
  }
  co_return answer;
}

void PeerClient::heard(Peer& peer, const ClientResponse& response, Clock::duration took) {
  const std::string_view ring = response.header(kRingField);
  peer.answered(took, ring);
  peer.breaker().succeeded();
  if (peer.disagrees(options_.fingerprint(), Clock::now())) {
    log::warn(
        "peer {} sees another ring than this node: they were given different names, unless a "
        "node is just joining or leaving",
        peer.name());
  }
}

// Only who cannot be reached or does not answer in time is left alone for a while.
void PeerClient::unheard(const PeerPtr& peer, const Error& error) {
  if (error.kind != ErrorKind::kUnreachable && error.kind != ErrorKind::kDeadlineExceeded) return;
  const auto pause = peer->breaker().failed();
  if (!pause) return;
  log::warn("peer {} is not asked any more until it answers again: {}", peer->name(),
            error.message);
  probe_later(peer, *pause);
}

void PeerClient::probe_later(const PeerPtr& peer, milliseconds pause) {
  net::io_context& context = lanes_.front()->context;
  net::co_spawn(context, probe(peer, pause), net::detached);
}

Awaitable<void> PeerClient::probe(PeerPtr peer, milliseconds pause) {
  Lane& lane = *lanes_.front();
  Timer timer(lane.context.get_executor());
  for (std::optional<milliseconds> next = pause; next && !peer->retired();) {
    timer.expires_after(*next);
    co_await timer.async_wait(net::as_tuple(use_awaitable));
    peer->breaker().probing();
    const auto client = lane.client_of(peer, budgets_);
    ClientRequest request = probe_of(*peer);
    const auto begun = Clock::now();
    const Result<ClientResponse> response = co_await client->send(std::move(request));
    if (response.has_value()) heard(*peer, *response, Clock::now() - begun);
    next = peer->breaker().probed(response.has_value());
  }
  if (!peer->retired()) log::info("peer {} answers again", peer->name());
}

// A Go node is never sent anything but the GET it knows: the last one that failed.
ClientRequest PeerClient::probe_of(const Peer& peer) const {
  const bool ours = peer.kind() == PeerKind::kOurs || options_.mode == RingMode::kBalanced;
  std::string target(kProbeTarget);
  std::string fields = signature_field(target, {});
  if (!ours) {
    Peer::Question question = peer.question();
    target = std::move(question.target);
    fields = std::move(question.fields);
  }
  ClientRequest request(peer.authority(), std::move(target), kMaxPeerBody,
                        Clock::now() + kProbeTime);
  request.fields = std::move(fields);
  return request;
}

}  // namespace imageserver
