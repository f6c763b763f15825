// What the other side of a connection has confirmed to have received.

#ifndef IMAGESERVER_HTTP_ACKNOWLEDGED_H_
#define IMAGESERVER_HTTP_ACKNOWLEDGED_H_

#include <cstdint>

namespace imageserver {

// The bytes that the other side of the TCP connection has acknowledged since it was opened
// (tcpi_bytes_acked, RFC 4898 ThruOctetsAcked). Unlike what a socket takes, which is what the
// kernel keeps: megabytes that nobody reads. 0 if `socket` is no TCP connection. Never blocks.
// Threads: any.
[[nodiscard]] std::uint64_t acknowledged_bytes(int socket);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_ACKNOWLEDGED_H_
