#include "http/resolve.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <string>
#include <utility>

namespace imageserver {
namespace {

using Endpoints = std::vector<Tcp::endpoint>;
using Resolver = net::ip::basic_resolver<Tcp, Executor>;

// One lookup. It may outlive the coroutine that waits for it, as getaddrinfo cannot be interrupted.
struct Lookup {
  explicit Lookup(const Executor& executor) : resolver(executor), done(executor) {}

  Resolver resolver;
  Timer done;  // expires at the deadline; cancelled when the answer is there
  Endpoints found;
};

std::shared_ptr<Lookup> start_lookup(const Executor& executor, const Address& address,
                                     Deadline deadline) {
  auto lookup = std::make_shared<Lookup>(executor);
  lookup->done.expires_at(deadline);
  lookup->resolver.async_resolve(address.host, std::to_string(address.port),
                                 net::ip::resolver_base::numeric_service,
                                 [lookup](error_code error, const Resolver::results_type& results) {
                                   if (!error) lookup->found.assign(results.begin(), results.end());
                                   lookup->done.cancel();
                                 });
  return lookup;
}

Endpoints without_lookup(const Address& address) {
  if (address.host.empty()) {
    return {{net::ip::address_v4::loopback(), address.port},
            {net::ip::address_v6::loopback(), address.port}};
  }
  error_code error;
  const auto literal = net::ip::make_address(address.host, error);
  if (error) return {};
  return {{literal, address.port}};
}

}  // namespace

Awaitable<Endpoints> resolve(const Address& address, Deadline deadline) {
  Endpoints known = without_lookup(address);
  if (!known.empty()) co_return known;
  const auto executor = co_await net::this_coro::executor;
  const auto lookup = start_lookup(executor, address, deadline);
  co_await lookup->done.async_wait(net::as_tuple(use_awaitable));
  // A lookup that waits behind a stuck one is dropped: its answer would come too late.
  lookup->resolver.cancel();
  co_return std::move(lookup->found);
}

}  // namespace imageserver
