// One fetch of a picture from a peer.

#ifndef IMAGESERVER_PEERS_PEER_FETCH_H_
#define IMAGESERVER_PEERS_PEER_FETCH_H_

#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/asio.h"
#include "base/clock.h"
#include "groupcache/peer_transport.h"
#include "http/client.h"
#include "http/retry_budget.h"
#include "peers/lateness.h"
#include "peers/peer.h"
#include "peers/peer_options.h"
#include "peers/peer_prober.h"
#include "peers/purge_puller.h"

namespace imageserver {

// What all fetches of a node share. REQUIRES: it outlives them.
struct FetchContext {
  const PeerOptions& options;
  PeerProber& prober;
  PurgePuller& purges;
  RetryBudget& hedges;  // of late fetches, but for trials, of which one a peer runs at a time
};

// Ends when the peer has answered, when its time is over, when it is stopped, or when it is let go
// of. From a peer that sends interim answers, it notices within Lateness::kPeriod that the peer is
// late: then it calls `late` if the budget allows, has the prober look at a silent peer, and gives
// up after Lateness::kMostPeriods.
//
// Threads: start() and fail() are called on the executor's; let_go() from any.
class PeerFetch final : public UnderWay, public std::enable_shared_from_this<PeerFetch> {
 public:
  struct Terms {
    Breaker::Permit permit;  // what the peer's breaker gave for this fetch
    PeerTransport::Terms asked;
  };

  PeerFetch(const FetchContext& context, const Executor& executor, PeerPtr peer, Terms terms,
            QueryPtr query, PeerTransport::Events events);

  // Leaves the peer (Peer::leave).
  ~PeerFetch() override;

  PeerFetch(const PeerFetch&) = delete;
  PeerFetch& operator=(const PeerFetch&) = delete;

  void start(std::shared_ptr<Client> client, std::stop_token stop);

  // Ends it instead of start(): this node lacks the means.
  void fail();

  void let_go() override;

 private:
  // Posts to the fetch's thread.
  struct Stop {
    std::weak_ptr<PeerFetch> fetch;
    void operator()() const;
  };

  Awaitable<PeerTransport::Outcome> exchange(std::shared_ptr<Client> client);
  void end(const std::exception_ptr& thrown, const PeerTransport::Outcome& outcome);

  void arrived(const Arrival& arrival);
  void watch(Clock::time_point now);
  [[nodiscard]] bool is_impatient() const;
  void arm();
  void on_timer();
  void act_on(Lateness::Finding finding);
  void note_lateness();
  [[nodiscard]] bool may_hedge();
  void hedge();
  void give_up(Error why);

  void note_loss();
  void note_wrong_answer();
  void judge(const Result<ClientResponse>& response, const PeerTransport::Outcome& outcome,
             Clock::duration taken);

  const FetchContext& context_;
  const Executor executor_;
  const PeerPtr peer_;
  const Terms terms_;
  const QueryPtr query_;
  const PeerTransport::Events events_;
  const std::optional<milliseconds> longest_silence_;  // none: the request's deadline bounds all

  Timer timer_;
  Deadline silence_ends_ = Deadline::max();
  Deadline patience_ends_ = Deadline::max();
  std::optional<Lateness> lateness_;  // where there is a longest silence
  int interims_ = 0;                  // that have come since the timer fired
  bool heard_ = false;                // something has come
  bool works_ = false;                // an interim answer has come
  bool late_ = false;                 // the peer was late in a period
  bool hedged_ = false;               // another node may have been asked as well
  bool judged_ = false;               // the breaker was told of this fetch
  bool ended_ = false;
  bool let_go_ = false;
  std::optional<Error> given_up_;  // why, if this node ended the fetch
  net::cancellation_signal signal_;
  std::optional<std::stop_callback<Stop>> stop_callback_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_FETCH_H_
