#include "http/endpoint_cache.h"

#include <algorithm>
#include <utility>

#include "http/resolve.h"

namespace imageserver {

namespace {

std::string name_of(const Address& address) {
  return address.host + ':' + std::to_string(address.port);
}

}  // namespace

EndpointCache::EndpointCache() : EndpointCache(resolve, kFresh) {}

EndpointCache::EndpointCache(std::function<Resolve> resolve, Clock::duration fresh)
    : resolve_(std::move(resolve)), fresh_(fresh) {}

Awaitable<EndpointCache::Endpoints> EndpointCache::find(const Address& address, Deadline deadline) {
  const std::string name = name_of(address);
  const auto known = known_.find(name);
  const bool is_known = known != known_.end() && !known->second.endpoints.empty();
  if (is_known && Clock::now() < known->second.fresh_until) co_return known->second.endpoints;

  const Deadline patience = is_known ? std::min(deadline, Clock::now() + kPatience) : deadline;
  Endpoints found = co_await resolve_(address, patience);
  Known& entry = known_[name];
  if (!found.empty()) entry.endpoints = std::move(found);
  if (!entry.endpoints.empty()) entry.fresh_until = Clock::now() + fresh_;
  co_return entry.endpoints;
}

void EndpointCache::doubt(const Address& address) {
  const auto known = known_.find(name_of(address));
  if (known != known_.end()) known->second.fresh_until = {};
}

}  // namespace imageserver
