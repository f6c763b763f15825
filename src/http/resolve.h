// From an address as it is written to the endpoints to dial.

#ifndef IMAGESERVER_HTTP_RESOLVE_H_
#define IMAGESERVER_HTTP_RESOLVE_H_

#include <vector>

#include "base/address.h"
#include "base/asio.h"
#include "base/clock.h"

namespace imageserver {

// In the order to try them; empty if there are none, or if the deadline or a cancellation
// (terminal) came first. Ends then even while the system's resolver is stuck (which goes on, and is
// left behind until the context is destroyed, which waits for it). No host is the loopback; it and
// literal addresses never wait.
//
// REQUIRES: `address` outlives the wait.
[[nodiscard]] Awaitable<std::vector<Tcp::endpoint>> resolve(const Address& address,
                                                            Deadline deadline);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RESOLVE_H_
