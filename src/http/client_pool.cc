#include "http/client_pool.h"

#include <iterator>
#include <utility>

#include "http/peek.h"

namespace imageserver {
namespace {

// Besides a head, this much of a body is read at a time.
constexpr std::size_t kBodyStep = 48U << 10U;

}  // namespace

ClientPool::ClientPool(net::io_context& context, ClientLimits limits, ClientShared shared)
    : executor_(context.get_executor()),
      limits_(limits),
      shared_(std::move(shared)),
      sweeper_(executor_) {
  if (!shared_.retries) shared_.retries = std::make_shared<RetryBudget>();
  if (!shared_.endpoints) shared_.endpoints = std::make_shared<EndpointCache>();
}

LinkPtr ClientPool::make_link() {
  return std::make_unique<Link>(executor_, limits_.head_bytes + kBodyStep);
}

LinkPtr ClientPool::take(const std::string& authority) {
  const auto found = idle_.find(authority);
  if (found == idle_.end()) return nullptr;
  auto& links = found->second;
  while (!links.empty()) {
    Idle last = std::move(links.back());
    links.pop_back();
    if (last.until > Clock::now() && peek(last.link->socket) == Peek::kNothing) {
      return std::move(last.link);
    }
  }
  idle_.erase(found);
  return nullptr;
}

void ClientPool::give(const std::string& authority, LinkPtr link) {
  auto& links = idle_[authority];
  if (links.size() >= limits_.idle_per_peer) return;
  links.push_back({std::move(link), Clock::now() + limits_.idle});
  if (!sweeping_) sweep_later();
}

void ClientPool::close_all() {
  idle_.clear();
  sweeper_.cancel();
}

std::size_t ClientPool::size() const {
  std::size_t count = 0;
  for (const auto& [authority, links] : idle_) count += links.size();
  return count;
}

void ClientPool::sweep_later() {
  sweeping_ = true;
  sweeper_.expires_after(limits_.idle);
  sweeper_.async_wait([weak = weak_from_this()](error_code) {
    if (const auto self = weak.lock()) self->sweep();
  });
}

void ClientPool::sweep() {
  const auto now = Clock::now();
  for (auto peer = idle_.begin(); peer != idle_.end();) {
    std::erase_if(peer->second, [now](const Idle& idle) { return idle.until <= now; });
    peer = peer->second.empty() ? idle_.erase(peer) : std::next(peer);
  }
  sweeping_ = false;
  if (!idle_.empty()) sweep_later();
}

}  // namespace imageserver
