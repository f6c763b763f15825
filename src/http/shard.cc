#include "http/shard.h"

#include <utility>
#include <vector>

namespace imageserver {

Shard::Shard(net::io_context& context, std::shared_ptr<Handler> handler, const ServerLimits& limits,
             std::shared_ptr<Backlog> backlog)
    : handler_(std::move(handler)),
      limits_(limits),
      backlog_(std::move(backlog)),
      grace_(context.get_executor()) {}

// Shared pointers, as each connection that is told to close leaves `members_` at once.
std::vector<std::shared_ptr<ShardMember>> Shard::members() const {
  std::vector<std::shared_ptr<ShardMember>> all;
  all.reserve(members_.size());
  for (ShardMember* const member : members_) all.push_back(member->keep());
  return all;
}

void Shard::drain(std::function<void()> gone) {
  draining_ = true;
  gone_ = std::move(gone);
  for (const auto& member : members()) member->drain();
  if (members_.empty()) {
    report_gone();
  } else {
    start_grace();
  }
}

void Shard::start_grace() {
  grace_.expires_after(limits_.grace);
  grace_.async_wait([self = shared_from_this()](error_code error) {
    if (error) return;
    for (const auto& member : self->members()) member->cut();
  });
}

void Shard::leave(ShardMember* member) {
  members_.erase(member);
  if (draining_ && members_.empty()) report_gone();
}

void Shard::report_gone() {
  grace_.cancel();
  if (const auto gone = std::exchange(gone_, {})) gone();
}

}  // namespace imageserver
