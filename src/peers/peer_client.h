// The other nodes over HTTP.

#ifndef IMAGESERVER_PEERS_PEER_CLIENT_H_
#define IMAGESERVER_PEERS_PEER_CLIENT_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "base/mutex.h"
#include "groupcache/peer_transport.h"
#include "http/client.h"
#include "http/retry_budget.h"
#include "imageserver/ring_mode.h"
#include "peers/peer.h"

namespace imageserver {

struct PeerClientOptions {
  RingMode mode = RingMode::kBalanced;

  // What a query may take.
  std::chrono::milliseconds request_timeout{10'000};

  // What one fetch may take; none: 60 % of the time the query has left.
  std::optional<std::chrono::milliseconds> timeout;

  // What requests are signed with; empty: they are not.
  std::string secret;

  // The fingerprint of the ring this node sees. Called from any I/O thread.
  std::function<std::string()> fingerprint;
};

// A fetch runs on the I/O thread that asks for it, or, asked for by any other, on each in turn;
// each has connections of its own. A peer that does not answer is left alone until a probe, off the
// path of any request, finds it again (Breaker).
//
// Threads: as PeerTransport; set_peers() is called by one thread at a time. REQUIRES: the pool
// outlives it, and the pool is stopped before it is destroyed.
class PeerClient final : public PeerTransport {
 public:
  PeerClient(IoPool& pool, PeerClientOptions options);
  ~PeerClient() override;

  void fetch(const std::string& node, QueryPtr query, std::stop_token stop,
             std::function<void(Outcome)> done) override;
  [[nodiscard]] bool is_away(const std::string& node) const override;

  // From now on these are the peers, by their names on the ring. What is under way with one that
  // left goes on; its connections are closed as they become idle.
  void set_peers(const std::vector<std::string>& names);

  // Sorted by name.
  [[nodiscard]] std::vector<PeerView> peers() const;

 private:
  struct Lane;
  class Fetch;
  using PeerPtr = std::shared_ptr<Peer>;

  [[nodiscard]] PeerPtr find(const std::string& name) const;
  [[nodiscard]] Lane& lane_to_use();
  [[nodiscard]] ClientRequest request_to(const Peer& peer, const Query& query) const;
  [[nodiscard]] std::string fresh_fields(const Peer& peer, const std::string& target,
                                         const std::string& context, Deadline deadline) const;
  [[nodiscard]] std::string deadline_field(const Peer& peer, Deadline deadline) const;
  [[nodiscard]] std::string signature_field(const Peer& peer, std::string_view target,
                                            std::string_view context) const;
  Awaitable<Outcome> exchange(std::shared_ptr<Client> client, PeerPtr peer, ClientRequest request,
                              QueryPtr query);
  void identify(Peer& peer, const ClientResponse& response);
  void unheard(const PeerPtr& peer, const Error& error, Clock::duration waited);
  void count_failure(const PeerPtr& peer, const std::string& why);
  void complain(Peer& peer, const Outcome& answer) const;
  void forget_connections(const PeerPtr& peer);
  void look(const PeerPtr& peer);
  Awaitable<void> look_once(PeerPtr peer);
  void probe_later(const PeerPtr& peer, milliseconds pause);
  Awaitable<void> probe_until_answered(PeerPtr peer, milliseconds pause);
  Awaitable<bool> answers(PeerPtr peer);
  [[nodiscard]] ClientRequest probe_of(const Peer& peer) const;

  const PeerClientOptions options_;
  const std::shared_ptr<RetryBudget> retries_ = std::make_shared<RetryBudget>();
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<std::size_t> turn_ = 0;
  mutable Mutex mutex_;
  std::map<std::string, PeerPtr, std::less<>> peers_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_CLIENT_H_
