// The JSON that `/peers` answers: the ring and its nodes. Threads: any.

#ifndef IMAGESERVER_PEERS_PEERS_JSON_H_
#define IMAGESERVER_PEERS_PEERS_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "groupcache/group.h"
#include "peers/peer.h"

namespace imageserver {

// Has an entry for each node of the ring, sorted by name. The entry of this node has only its name
// and its share.
[[nodiscard]] std::string peers_json(const RingView& ring, std::string_view self,
                                     const std::vector<PeerView>& peers);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEERS_JSON_H_
