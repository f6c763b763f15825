#include "peers/identify_peer.h"

#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "peers/wire/protocol.h"

namespace imageserver {

void identify_peer(Peer& peer, const ClientResponse& response, const PeerOptions& options) {
  const std::string_view ring = response.header(kRingField);
  if (!ring.empty()) {
    peer.identified(PeerKind::kOurs, ring);
    peer.heard_interim(response.header(kInterimField) == kInterimVersion);
  } else if (options.mode == RingMode::kGo || response.status == 200) {
    peer.identified(PeerKind::kGo, {});
    peer.heard_interim(false);
  }
  if (peer.take_ring_warning(options.fingerprint(), Clock::now())) {
    log::warn(
        "peer {} sees another ring than this node: they were given different names, unless a "
        "node is just joining or leaving",
        peer.name());
  }
}

}  // namespace imageserver
