// The limits of a server.

#ifndef IMAGESERVER_HTTP_SERVER_LIMITS_H_
#define IMAGESERVER_HTTP_SERVER_LIMITS_H_

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

  // Time from the first byte of a head to its last.
  milliseconds head{10'000};

  // Time from the end of a head to the last byte of the body behind it, where one is read.
  milliseconds body{10'000};

  // Time between an answer and the first byte of the next head.
  milliseconds idle{60'000};

  // While an answer is written, the client acknowledges at least so many bytes a second, over any
  // time of this length (of which one third more may pass before it is noticed). How much the
  // kernel takes for it does not count. REQUIRES: at least 3 ms.
  milliseconds write{30'000};
  std::size_t write_rate = 1'000;

  // Time between two interim answers.
  milliseconds interim{200};

  // Time for an awaited answer after its client has ended its side of the connection. The client
  // may still read.
  milliseconds half_closed{1'000};

  // Time between two looks whether the client is gone, where it has sent bytes of a next request
  // during an awaited answer. Without such bytes it is noticed at once.
  milliseconds look_behind_bytes{500};

  // Before the server closes a connection, it reads and throws away what the client still sends,
  // for at most this long and this many bytes. Closing earlier would reset the connection, and the
  // client could lose the answer.
  milliseconds linger{2'000};
  std::size_t linger_bytes = 8U << 20U;

  // Time to wait after accepting has failed (no file descriptor left, say), and where connections
  // are just leaving that make room for the next one.
  milliseconds accept_retry{100};
  milliseconds accept_pause{1};

  // Time for the first byte of a new connection once the server drains. The client may have
  // connected before the drain began.
  milliseconds newcomer{500};

  // Time for requests under way once the server drains.
  milliseconds grace{10'000};
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_SERVER_LIMITS_H_
