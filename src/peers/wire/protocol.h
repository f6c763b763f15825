// The names in requests and answers between nodes: path, group and fields.

#ifndef IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
#define IMAGESERVER_PEERS_WIRE_PROTOCOL_H_

#include <string_view>

namespace imageserver {

// The path and group of peer requests, as golang/groupcache has them.
inline constexpr std::string_view kPeerPath = "/_groupcache/";
inline constexpr std::string_view kGroupName = "imageserver";

// The fields below are our own. A Go node knows none of them.

// In an answer: one of our nodes sent it. The value is the fingerprint of the ring that the node
// sees.
inline constexpr std::string_view kRingField = "X-Imageserver-Ring";

// In an answer: the picture's ETag for clients, so that the asking node need not hash the picture
// again. (A field called ETag would be the tag of the whole message.)
inline constexpr std::string_view kEtagField = "X-Imageserver-Etag";

// In a request: milliseconds that the asking node will wait for the answer, in decimal.
inline constexpr std::string_view kDeadlineField = "X-Imageserver-Deadline-Ms";

// In an answer with status 400: the request was well made, but the picture (or its watermark) does
// not allow what the params ask for. The only value is kInvalidParamVerdict. That verdict holds on
// every node, as 404 and 422 do. A 400 without this field is a fault between the two nodes, and the
// asking node then renders the picture itself.
inline constexpr std::string_view kVerdictField = "X-Imageserver-Verdict";
inline constexpr std::string_view kInvalidParamVerdict = "invalid-param";

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
