// Brings this node's log of purges up to what its peers know.

#ifndef IMAGESERVER_PEERS_PURGE_PULLER_H_
#define IMAGESERVER_PEERS_PURGE_PULLER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "groupcache/purge_record.h"
#include "imageserver/error.h"
#include "peers/peer.h"
#include "peers/peer_connections.h"
#include "peers/peer_options.h"

namespace imageserver {

// Threads: any, concurrently. REQUIRES: `connections` and `options` outlive it, and it is destroyed
// after the I/O threads were stopped.
class PurgePuller {
 public:
  // What came of pulling a log.
  enum class Pulled : std::uint8_t {
    kSame,        // both nodes know the same purges
    kNew,         // this node has learned of some
    kNothingNew,  // it is the peer that does not know all of them
  };

  // Called exactly once, on any thread, unless the node stops.
  using PullDone = std::function<void(const Result<Pulled>&)>;
  using TellDone = std::function<void(const Result<void>&)>;

  PurgePuller(PeerConnections& connections, const PeerOptions& options)
      : connections_(connections), options_(options) {}

  // The peer has said this digest of its log, or none. If this node knows other purges, it pulls
  // the peer's log at once. Does nothing while it does so already, and for a while after it was in
  // vain.
  void heard(const PeerPtr& peer, std::string_view digest);

  // The same where it is not known what the peer knows.
  void check(const PeerPtr& peer);

  // Takes the peer's log, or finds it to be the same. The error: why that could not be.
  void pull(const PeerPtr& peer, milliseconds patience, PullDone done);

  // Tells the peer of a purge. The error: why the peer has not taken it.
  void tell(const PeerPtr& peer, const PurgeRecord& record, milliseconds patience, TellDone done);

 private:
  void catch_up(const PeerPtr& peer);

  struct Asked {
    std::string key;
    std::string fields;
  };

  using Answered = std::function<void(const Result<ClientResponse>&)>;
  void ask(const PeerPtr& peer, const Asked& asked, milliseconds patience, Answered done);
  void send(PeerConnections::Shard& shard, const PeerPtr& peer, const Asked& asked,
            Deadline deadline, const Answered& done);

  PeerConnections& connections_;
  const PeerOptions& options_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PURGE_PULLER_H_
