// Learns from a peer's answer which program the peer runs, which ring it sees, and whether it sends
// interim answers.

#ifndef IMAGESERVER_PEERS_IDENTIFY_PEER_H_
#define IMAGESERVER_PEERS_IDENTIFY_PEER_H_

#include "http/client_response.h"
#include "peers/peer.h"
#include "peers/peer_options.h"

namespace imageserver {

// An answer with kRingField is from one of our nodes. An answer without it makes the peer a Go node
// if the ring may have Go nodes, or if the answer is a 200: one of our nodes leaves the field out
// of errors that come from below its handlers. Warns, once a minute for each peer, if the peer sees
// another ring than this node. REQUIRES: `response` answers a request for interim answers, or one
// to a peer that may be a Go node. Threads: any, concurrently.
void identify_peer(Peer& peer, const ClientResponse& response, const PeerOptions& options);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_IDENTIFY_PEER_H_
