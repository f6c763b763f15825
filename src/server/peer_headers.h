// What our nodes say to each other besides groupcache's protocol. A Go node knows none of these.

#ifndef IMAGESERVER_SERVER_PEER_HEADERS_H_
#define IMAGESERVER_SERVER_PEER_HEADERS_H_

#include <string_view>

namespace imageserver {

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

#endif  // IMAGESERVER_SERVER_PEER_HEADERS_H_
