// A DNS cache by host and port. It serves old endpoints while lookups fail.

#ifndef IMAGESERVER_HTTP_ENDPOINT_CACHE_H_
#define IMAGESERVER_HTTP_ENDPOINT_CACHE_H_

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/asio.h"
#include "base/clock.h"

namespace imageserver {

// Looks a name up (resolve.h) when it is not known, or not for kFresh any more. Where that fails or
// takes too long, the last known endpoints stand; then they are not asked about again for kFresh,
// so that a name server which is down costs one wait every now and then and no connection.
//
// Threads: one at a time. Holds what its user asks for, and drops nothing.
class EndpointCache {
 public:
  using Endpoints = std::vector<Tcp::endpoint>;

  static constexpr std::chrono::seconds kFresh{30};

  // How long to wait for an answer where an old one is known.
  static constexpr milliseconds kPatience{300};

  using Resolve = Awaitable<Endpoints>(const Address& address, Deadline deadline);

  EndpointCache();

  // For tests.
  EndpointCache(std::function<Resolve> resolve, Clock::duration fresh);

  // Empty if nothing is known by the deadline. REQUIRES: the cache and `address` outlive the wait.
  [[nodiscard]] Awaitable<Endpoints> find(const Address& address, Deadline deadline);

  // Nobody answers there: it is to be looked up again, though what is known still stands.
  void doubt(const Address& address);

 private:
  struct Known {
    Endpoints endpoints;
    Deadline fresh_until;
  };

  const std::function<Resolve> resolve_;
  const Clock::duration fresh_;
  std::unordered_map<std::string, Known> known_;  // by host and port
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_ENDPOINT_CACHE_H_
