#include "server/shutdown.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace imageserver {
namespace {

// Between two looks whether somebody is still there.
constexpr milliseconds kBetweenLooks{50};

}  // namespace

Shutdown::Shutdown(net::io_context& context, milliseconds drain)
    : context_(context), drain_(drain), timer_(context.get_executor()) {}

void Shutdown::prepare(std::span<const std::unique_ptr<Server>> servers, Discovery* discovery,
                       std::function<bool()> alone) {
  for (const auto& server : servers) servers_.push_back(server.get());
  discovery_ = discovery;
  alone_ = std::move(alone);
  prepared_ = true;
  left_ = servers_.size() + (discovery_ == nullptr ? 0 : 1);
}

void Shutdown::request() {
  const int before = requests_.fetch_add(1);
  if (!prepared_) {
    if (before == 0) gone_.set_value();
  } else if (before == 0) {
    net::post(context_, [this] { announce(); });
  } else if (before == 1) {
    net::post(context_, [this] { close_doors(); });
  }
}

void Shutdown::wait() { gone_.get_future().wait(); }

void Shutdown::announce() {
  for (Server* const server : servers_) server->announce_drain();
  if (discovery_ != nullptr) {
    discovery_->leave([this] { net::post(context_, [this] { one_left(); }); });
  }
  drained_ = Clock::now() + drain_;
  go_on_draining();
}

void Shutdown::go_on_draining() {
  const Deadline now = Clock::now();
  if (closed_) return;
  if (now >= drained_ || alone_()) return close_doors();
  timer_.expires_at(std::min(drained_, now + kBetweenLooks));
  timer_.async_wait([this](error_code cancelled) {
    if (!cancelled) go_on_draining();
  });
}

void Shutdown::close_doors() {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  for (Server* const server : servers_) {
    server->drain([this] { net::post(context_, [this] { one_left(); }); });
  }
}

void Shutdown::one_left() {
  if (--left_ == 0) gone_.set_value();
}

}  // namespace imageserver
