// The bounds a server holds its clients to.

#ifndef IMAGESERVER_HTTP_LIMITS_H_
#define IMAGESERVER_HTTP_LIMITS_H_

#include <cstddef>

#include "base/clock.h"

namespace imageserver {

struct HeadLimits {
  // Request line and fields together; over it: 431.
  std::size_t head_bytes = 16U << 10U;

  // The request target; over it: 414.
  std::size_t target_bytes = 4U << 10U;
};

struct ServerLimits {
  HeadLimits head_limits;

  // From the first byte of a head to its last.
  milliseconds head{10'000};

  // Between an answer and the first byte of the next head.
  milliseconds idle{60'000};

  // While an answer is written: since the client last took a byte.
  milliseconds write{30'000};

  // An awaited answer whose client has ended its side of the connection may still take this long,
  // as the client may still read.
  milliseconds half_closed{1'000};

  // Before a connection is closed by us, what its client still sends is read and thrown away, at
  // most this long and this much: closing earlier would reset the connection and could take the
  // answer away from the client.
  milliseconds linger{2'000};
  std::size_t linger_bytes = 8U << 20U;

  // After accepting has failed (no file descriptor left, say).
  milliseconds accept_retry{100};

  // Once the server drains: for the first byte of a connection that has not sent any yet. It may
  // have been made when the server was still there for everybody.
  milliseconds newcomer{500};

  // Time that requests under way have to finish once the server drains.
  milliseconds grace{10'000};
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_LIMITS_H_
