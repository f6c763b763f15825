// The limits of a client, and the objects that clients may share.

#ifndef IMAGESERVER_HTTP_CLIENT_LIMITS_H_
#define IMAGESERVER_HTTP_CLIENT_LIMITS_H_

#include <cstddef>
#include <memory>

#include "base/clock.h"

namespace imageserver {

class RetryBudget;
class ByteBudget;
class EndpointCache;

struct ClientLimits {
  // Status line and fields of an answer.
  std::size_t head_bytes = 16U << 10U;

  // Time to connect; the request's deadline counts as well.
  milliseconds connect{2'000};

  // Idle connections kept for one authority, and how long. Each has room for a head and 48 KiB,
  // most of which no byte has touched.
  std::size_t idle_per_peer = 128;
  milliseconds idle{30'000};
};

// The objects that clients may share.
struct ClientShared {
  // Limits how often requests are sent a second time; null: a budget of the client's own.
  std::shared_ptr<RetryBudget> retries;

  // Limits the memory of all bodies that arrive together; null: only each body's own limit counts.
  std::shared_ptr<ByteBudget> bytes;

  // The endpoints of names. Only clients of one context may share it. Null: a cache of the client's
  // own.
  std::shared_ptr<EndpointCache> endpoints;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CLIENT_LIMITS_H_
