// A cache of DNS answers by host and port. It serves old endpoints while a lookup fails.

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

// Looks a name up (resolve.h) if its endpoints are unknown or older than kFresh. If the lookup
// fails or takes too long, the old endpoints are served, and the next lookup comes after kFresh: a
// name server that is down then costs one wait in kFresh, and no connection.
//
// Threads: one at a time. An entry is never dropped.
class EndpointCache {
 public:
  using Endpoints = std::vector<Tcp::endpoint>;

  static constexpr std::chrono::seconds kFresh{30};

  // How long a lookup may take if old endpoints are known.
  static constexpr milliseconds kPatience{300};

  using Resolve = Awaitable<Endpoints>(const Address& address, Deadline deadline);

  EndpointCache();

  // For tests.
  EndpointCache(std::function<Resolve> resolve, Clock::duration fresh);

  // Empty if nothing is known by the deadline. REQUIRES: the cache and `address` outlive the wait.
  [[nodiscard]] Awaitable<Endpoints> find(const Address& address, Deadline deadline);

  // The endpoints of the address do not answer: the next find() looks the name up again, and serves
  // the old endpoints if that fails.
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
