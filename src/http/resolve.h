// Finds the endpoints of an address. Threads: the one of the coroutine that waits.

#ifndef IMAGESERVER_HTTP_RESOLVE_H_
#define IMAGESERVER_HTTP_RESOLVE_H_

#include <vector>

#include "base/address.h"
#include "base/asio.h"
#include "base/clock.h"

namespace imageserver {

// The endpoints in the order to try them; empty if there are none, or if the deadline or a
// cancellation (terminal) came first. The wait ends then even if the system's resolver is stuck;
// the resolver goes on, and the context's destructor waits for it. An empty host is the loopback.
// The loopback and literal addresses never wait.
//
// REQUIRES: `address` outlives the wait.
[[nodiscard]] Awaitable<std::vector<Tcp::endpoint>> resolve(const Address& address,
                                                            Deadline deadline);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RESOLVE_H_
