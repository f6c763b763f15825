// The few things that are asked of etcd, one endpoint at a time.

#ifndef IMAGESERVER_MEMBERSHIP_ETCD_API_H_
#define IMAGESERVER_MEMBERSHIP_ETCD_API_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "http/client.h"
#include "imageserver/error.h"
#include "membership/etcd_codec.h"
#include "membership/etcd_endpoints.h"

namespace imageserver {

// Threads: those of the context only. The object outlives its coroutines. Errors: the endpoint
// cannot be reached, does not answer within 2 s, or answers what it must not.
class EtcdApi {
 public:
  // REQUIRES: there is an endpoint.
  EtcdApi(net::io_context& context, EtcdEndpoints endpoints);

  [[nodiscard]] std::size_t endpoints() const { return endpoints_.size(); }
  void use_next_endpoint() { endpoint_ = (endpoint_ + 1) % endpoints_.size(); }

  [[nodiscard]] Awaitable<Result<Lease>> grant(std::chrono::seconds time_to_live);

  // The time to live; 0 if the lease is lost.
  [[nodiscard]] Awaitable<Result<std::chrono::seconds>> keep_alive(LeaseId lease);

  [[nodiscard]] Awaitable<std::optional<Error>> put(std::string key, std::string value,
                                                    LeaseId lease);

  // What stands behind the prefix in the keys that begin with it.
  [[nodiscard]] Awaitable<Result<std::vector<std::string>>> range(std::string prefix);

  [[nodiscard]] Awaitable<std::optional<Error>> revoke(LeaseId lease, Deadline deadline);

  // Closes the connections that no request uses.
  void close_connections() { client_.close_idle(); }

 private:
  Awaitable<Result<Bytes>> post(std::string_view target, std::string body, Deadline deadline);
  [[nodiscard]] Error failure(std::string_view what) const;

  // The value with the endpoint named in its error.
  template <class T>
  [[nodiscard]] Result<T> checked(Result<T> value) const {
    if (value.has_error()) return failure(value.error().message);
    return value;
  }

  Client client_;
  const EtcdEndpoints endpoints_;
  std::size_t endpoint_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_ETCD_API_H_
