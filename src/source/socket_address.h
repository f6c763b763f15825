// The IP address in a socket address of the system.

#ifndef IMAGESERVER_SOURCE_SOCKET_ADDRESS_H_
#define IMAGESERVER_SOURCE_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <optional>

#include "base/asio.h"

namespace imageserver {

// None if it is neither IPv4 nor IPv6. REQUIRES: `address` has the size that its family needs.
// Threads: any.
[[nodiscard]] std::optional<net::ip::address> ip_address(const sockaddr& address);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_SOCKET_ADDRESS_H_
