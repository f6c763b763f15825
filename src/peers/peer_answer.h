// Reads a peer's HTTP answer. Nothing in it is trusted. Threads: any.

#ifndef IMAGESERVER_PEERS_PEER_ANSWER_H_
#define IMAGESERVER_PEERS_PEER_ANSWER_H_

#include "groupcache/peer_transport.h"
#include "http/client.h"

namespace imageserver {

// An answer with kRingField is from one of our nodes. Its 200 is the picture, if the body holds a
// picture in the format of the query; the picture shares the body's memory. An error with a verdict
// (wire/verdict.h) means what that says. Without one 404, 422 and 504 are final, 503 means busy,
// and anything else is a bad answer.
//
// A 304 says that the originals still have the versions `have`; it is a bad answer if none were
// asked about.
//
// A peer that does not know descriptions counts as not asked.
//
// Any other answer is from a Go node. Its 200 is the picture, if a Go node knows all params of the
// query: it ignores those it does not know. Anything else is a bad answer.
//
// Without an answer the peer is away, with two exceptions: it is bad if its bytes are no HTTP, and
// counts as not asked if this node lacked the means (kInternal). The failure of a cancelled fetch
// (kCancelled) has no meaning.
[[nodiscard]] PeerTransport::Outcome read_peer_answer(const Result<ClientResponse>& response,
                                                      const Query& query,
                                                      const Versions& have = {});

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_ANSWER_H_
