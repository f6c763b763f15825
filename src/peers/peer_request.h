// How a request to a peer is made: target, fields, deadline and signature.

#ifndef IMAGESERVER_PEERS_PEER_REQUEST_H_
#define IMAGESERVER_PEERS_PEER_REQUEST_H_

#include <cstddef>

#include "base/clock.h"
#include "groupcache/loader.h"
#include "http/client.h"
#include "params/size_limits.h"
#include "peers/peer.h"
#include "peers/peer_options.h"

namespace imageserver {

// The longest body that a peer's answer may have: the largest result, uncompressed, and the message
// around it.
inline constexpr std::size_t kMaxPeerBody = 4 * std::size_t{kMaxOutputPixels} + (1U << 20U);

// What a fetch asks a peer for. Encodes the params: one call a fetch.
[[nodiscard]] Peer::QuestionPtr question_of(const Query& query);

// The request of a fetch. Deadline and signature are made anew for each attempt. A peer that may be
// a Go node is not sent our deadline field, and a Go node no signature. REQUIRES: `options`
// outlives the request.
[[nodiscard]] ClientRequest fetch_request(const PeerOptions& options, PeerPtr peer,
                                          Peer::QuestionPtr question, Deadline query_deadline);

// The request that finds out whether a peer is there: a short one, but for a peer that may be a Go
// node. A Go node is sent nothing but a GET that it knows: the last one that failed.
[[nodiscard]] ClientRequest probe_request(const PeerOptions& options, const Peer& peer);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_REQUEST_H_
