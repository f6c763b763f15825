// What bounds a client, and what clients may share.

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

  // To connect; a request's deadline counts as well.
  milliseconds connect{2'000};

  // Idle connections kept for one authority, and how long. Each has room for a head and 48 KiB,
  // most of which no byte has touched.
  std::size_t idle_per_peer = 128;
  milliseconds idle{30'000};
};

// What clients may share.
struct ClientShared {
  // How often a request is sent a second time; null: a budget of the client's own.
  std::shared_ptr<RetryBudget> retries;

  // What the bodies that arrive may take together; null: no bound but each one's own.
  std::shared_ptr<ByteBudget> bytes;

  // Where names lead; only for clients of one context. Null: a memory of the client's own.
  std::shared_ptr<EndpointCache> endpoints;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CLIENT_LIMITS_H_
