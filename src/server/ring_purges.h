// Purges on this node and on all others of the ring.

#ifndef IMAGESERVER_SERVER_RING_PURGES_H_
#define IMAGESERVER_SERVER_RING_PURGES_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "groupcache/hybrid_clock.h"
#include "groupcache/purge_log.h"
#include "handlers/purger.h"
#include "peers/peer_client.h"
#include "peers/wire/nonce.h"
#include "source/sources.h"

namespace imageserver {

// A purge is taken here, then by the node that owns the original, then by all others at once. Each
// is waited for a while. They are told whether or not the client still waits.
//
// Threads: any, concurrently.
class RingPurges final : public Purger {
 public:
  struct Terms {
    std::string self;  // the name of this node on the ring

    // Whether nodes believe each other's purges (PurgeTalk).
    bool is_told = false;

    // The nodes of the ring, and which of them owns the original called by that path; none: it has
    // no one owner. Called from any thread, concurrently.
    std::function<std::vector<std::string>()> nodes;
    std::function<std::optional<std::string>(const std::string& path)> owner;
  };

  // REQUIRES: all outlive every purge under way.
  RingPurges(PurgeLog& log, HybridClock& clock, const Sources& sources, PeerClient& peers,
             Terms terms);

  Awaitable<Result<PurgeReport>> purge(const PurgeWish& wish) override;

  // Has this node hear of all purges before it serves, and before it purges: pulls the logs of all
  // peers, and calls `ready` when one has given it, or nobody will. In that case all that is cached
  // here is looked at again. To be called once.
  void learn(const std::function<void()>& ready);

 private:
  // What the nodes that were told have answered.
  struct Answer {
    std::string node;
    Result<void> taken;
  };
  using Answers = std::vector<Answer>;

  [[nodiscard]] Result<PurgeRecord> record_of(const PurgeWish& wish);
  [[nodiscard]] PurgeRecord make_record(const PurgeWish& wish);
  [[nodiscard]] std::vector<std::string> others() const;
  void tell(const std::vector<std::string>& nodes, const PurgeRecord& record,
            const std::function<void(Answers)>& done);

  PurgeLog& log_;
  HybridClock& clock_;
  const Sources& sources_;
  PeerClient& peers_;
  const Terms terms_;
  NonceStream ids_;
  std::atomic<bool> has_learned_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RING_PURGES_H_
