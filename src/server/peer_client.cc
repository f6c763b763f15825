#include "server/peer_client.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "groupcache/context_header.h"
#include "server/peer_answer.h"
#include "server/peer_path.h"

namespace imageserver {
namespace {

constexpr std::string_view kScheme = "http://";

// A result at its largest, uncompressed, and what stands around it.
constexpr std::size_t kMaxPeerBody = 4 * std::size_t{kMaxOutputPixels} + (1U << 20U);

Deadline hop_deadline(Deadline query_deadline, std::optional<milliseconds> timeout) {
  const auto now = Clock::now();
  const auto share = timeout ? Clock::duration(*timeout) : (query_deadline - now) * 3 / 5;
  return std::min(query_deadline, now + share);
}

ClientRequest request_to(const std::string& owner, const Query& query,
                         std::optional<milliseconds> timeout) {
  std::string authority = owner.substr(kScheme.size());
  std::string target = std::string(kPeerPath) + std::string(kGroupName) + '/' + query.key;
  ClientRequest request(std::move(authority), std::move(target), kMaxPeerBody,
                        hop_deadline(query.deadline, timeout));
  request.fields =
      std::string(kContextHeader) + ": " + encode_context_header(query.params) + "\r\n";
  return request;
}

Awaitable<Peers::Answer> exchange(Client& client, ClientRequest request) {
  const std::string authority = request.authority;
  const Result<ClientResponse> response = co_await client.send(std::move(request));
  Peers::Answer answer = peer_answer(response);
  if (answer.image.has_error() && answer.image.error().kind != ErrorKind::kCancelled) {
    log::debug("peer {}: {}", authority, answer.image.error().message);
  }
  co_return answer;
}

// One fetch under way. `stop` may be requested from any thread; the signal is for the fetch's own.
class Fetch : public std::enable_shared_from_this<Fetch> {
 public:
  Fetch(Executor executor, std::function<void(Peers::Answer)> done)
      : executor_(std::move(executor)), done_(std::move(done)) {}

  void start(Client& client, ClientRequest request, std::stop_token stop) {
    stop_callback_.emplace(std::move(stop), Stop{weak_from_this()});
    net::co_spawn(executor_, exchange(client, std::move(request)),
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
    if (thrown) answer = {Error{ErrorKind::kPeer, "a peer could not be asked"}, false};
    done_(std::move(answer));
  }

  const Executor executor_;
  const std::function<void(Peers::Answer)> done_;
  net::cancellation_signal signal_;
  std::optional<std::stop_callback<Stop>> stop_callback_;
};

}  // namespace

struct PeerClient::Lane {
  explicit Lane(net::io_context& context) : executor(context.get_executor()), client(context) {}

  Executor executor;
  Client client;
};

PeerClient::PeerClient(IoPool& pool, std::optional<std::chrono::milliseconds> timeout)
    : timeout_(timeout) {
  for (std::size_t i = 0; i < pool.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(pool.at(i)));
  }
}

PeerClient::~PeerClient() = default;

void PeerClient::fetch(const std::string& owner, QueryPtr query, std::stop_token stop,
                       std::function<void(Answer)> done) {
  Lane& lane = next_lane();
  auto fetch = std::make_shared<Fetch>(lane.executor, std::move(done));
  net::post(lane.executor, [fetch = std::move(fetch), &lane, stop = std::move(stop),
                            request = request_to(owner, *query, timeout_)]() mutable {
    fetch->start(lane.client, std::move(request), std::move(stop));
  });
}

PeerClient::Lane& PeerClient::next_lane() {
  return *lanes_[turn_.fetch_add(1, std::memory_order_relaxed) % lanes_.size()];
}

}  // namespace imageserver
