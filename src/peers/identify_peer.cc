#include "peers/identify_peer.h"

#include <spdlog/fmt/fmt.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "peers/wire/protocol.h"
#include "peers/wire/settings.h"

namespace imageserver {
namespace {

void warn_of_difference(const std::string& name, const std::string& theirs,
                        const std::string& ours) {
  const std::vector<std::string> differing = differing_settings(ours, theirs);
  if (differing.empty()) {
    log::warn(
        "peer {} sees another ring than this node: they were given different names, unless a "
        "node is just joining or leaving",
        name);
  } else if (theirs.empty()) {
    log::warn("peer {} is of another version, which places pictures otherwise", name);
  } else {
    log::warn("peer {} and this node were given different settings: {}", name,
              fmt::join(differing, ", "));
  }
}

}  // namespace

void identify_peer(Peer& peer, const ClientResponse& response, const PeerOptions& options) {
  const std::string_view ring = response.header(kRingField);
  if (!ring.empty()) {
    peer.identified(PeerKind::kOurs, ring, response.header(kSettingsField));
    peer.heard_interim(response.header(kInterimField) == kInterimVersion);
  } else if (options.mode == RingMode::kGo || response.status == 200) {
    peer.identified(PeerKind::kGo, {}, {});
    peer.heard_interim(false);
  }
  if (peer.take_ring_warning(options.fingerprint(), Clock::now())) {
    warn_of_difference(peer.name(), peer.view().settings, options.settings());
  }
}

}  // namespace imageserver
