// How a request to a peer is made: target, fields, deadline and signature. Threads: any.

#ifndef IMAGESERVER_PEERS_PEER_REQUEST_H_
#define IMAGESERVER_PEERS_PEER_REQUEST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

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

struct FetchTerms {
  Deadline deadline;         // of the query
  bool may_decline = false;  // see PeerTransport::Terms
  Versions have = {};        // see there
  std::string purges = {};   // lines of PurgeTalk::fields_for()
};

// The request of a fetch. Deadline and signature are made anew for each attempt. A peer that may be
// a Go node is sent none of our fields, and a Go node no signature. REQUIRES: `options` outlives
// the request.
[[nodiscard]] ClientRequest fetch_request(const PeerOptions& options, PeerPtr peer,
                                          Peer::QuestionPtr question, const FetchTerms& terms);

// The request for a key of kPurgesGroupName, with those lines of PurgeTalk; without any, none of
// our fields is in it but a signature. REQUIRES: `options`
// outlives the request.
[[nodiscard]] ClientRequest purge_request(const PeerOptions& options, PeerPtr peer,
                                          std::string_view key, std::string fields,
                                          Deadline deadline);

// How long a fetch waits while the peer neither says that it works nor sends much: options.timeout,
// or 60 % of the time that the query has left. None for a peer that may be a Go node: that much is
// the time for all of its answer.
[[nodiscard]] std::optional<milliseconds> longest_silence(const PeerOptions& options,
                                                          const Peer& peer,
                                                          Deadline query_deadline);

// The request that finds out whether a peer is there: a short one, but for a peer that may be a Go
// node. A Go node is sent nothing but a GET that it knows: the last one that failed. `patience` is
// the time for its answer.
[[nodiscard]] ClientRequest probe_request(const PeerOptions& options, Peer& peer,
                                          milliseconds patience);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_REQUEST_H_
