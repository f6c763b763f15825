// The ring as `/peers` shows it.

#ifndef IMAGESERVER_PEERS_PEERS_JSON_H_
#define IMAGESERVER_PEERS_PEERS_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "groupcache/group.h"
#include "peers/peer.h"

namespace imageserver {

// One entry a node of the ring, sorted by name; of self there is no more to say than its share.
[[nodiscard]] std::string peers_json(const RingView& ring, std::string_view self,
                                     const std::vector<PeerView>& peers);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEERS_JSON_H_
