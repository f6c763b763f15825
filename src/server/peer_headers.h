// What our nodes say to each other besides groupcache's protocol. A Go node knows none of these.

#ifndef IMAGESERVER_SERVER_PEER_HEADERS_H_
#define IMAGESERVER_SERVER_PEER_HEADERS_H_

#include <string_view>

namespace imageserver {

// Answer: it comes from one of our nodes, which sees the ring of this fingerprint.
inline constexpr std::string_view kRingField = "X-Imageserver-Ring";

// Request: milliseconds that the asking node will wait for the answer, in decimal.
inline constexpr std::string_view kDeadlineField = "X-Imageserver-Deadline-Ms";

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_HEADERS_H_
