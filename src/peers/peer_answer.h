// What a node makes of its peer's HTTP answer. Nothing in it is trusted.

#ifndef IMAGESERVER_PEERS_PEER_ANSWER_H_
#define IMAGESERVER_PEERS_PEER_ANSWER_H_

#include "groupcache/peer_transport.h"
#include "http/client.h"

namespace imageserver {

// From one of our nodes (kRingField says so): 200 is the picture, if the body holds one of the
// format that was asked for, which then shares the body's memory; 404, 422, 504 and a 400 with
// kVerdictField are its final word, 503 means busy, everything else is a bad answer.
//
// From a Go node: 200 is the picture if the query has no parameter that a Go node does not know, as
// it ignores those; everything else is a bad answer.
//
// No answer at all: the peer is away, unless what came was no HTTP, or this node had no means to
// ask (kInternal). Of a fetch that was cancelled (kCancelled) nothing is said.
[[nodiscard]] PeerTransport::Outcome read_peer_answer(const Result<ClientResponse>& response,
                                                      const Query& query);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_ANSWER_H_
