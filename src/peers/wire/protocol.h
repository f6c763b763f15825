// The names that two nodes use with each other: path, group and fields.

#ifndef IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
#define IMAGESERVER_PEERS_WIRE_PROTOCOL_H_

#include <string_view>

namespace imageserver {

// The path and group of peer requests, as golang/groupcache has them.
inline constexpr std::string_view kPeerPath = "/_groupcache/";
inline constexpr std::string_view kGroupName = "imageserver";

// The fields below are our own. A Go node knows none of them.

// Answer: it comes from one of our nodes, which sees the ring of this fingerprint.
inline constexpr std::string_view kRingField = "X-Imageserver-Ring";

// Answer: the picture's ETag as clients are given it, so that the asking node need not hash the
// picture once more. (An ETag field would be one of the message around it.)
inline constexpr std::string_view kEtagField = "X-Imageserver-Etag";

// Request: milliseconds that the asking node will wait for the answer, in decimal.
inline constexpr std::string_view kDeadlineField = "X-Imageserver-Deadline-Ms";

// Answer, beside status 400: the request was well made, and was carried out until the picture
// itself (or its watermark) turned out not to allow what it asks for. The only value is
// kInvalidParamVerdict. That verdict holds on every node, as 404 and 422 do; any other 400 is about
// what the two nodes say to each other, and makes the asking node help itself.
inline constexpr std::string_view kVerdictField = "X-Imageserver-Verdict";
inline constexpr std::string_view kInvalidParamVerdict = "invalid-param";

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
