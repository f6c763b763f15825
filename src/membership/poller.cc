#include "membership/poller.h"

#include <poll.h>

#include <array>
#include <utility>

namespace imageserver {
namespace {

// Between two looks, so that a source that never rests does not take a whole core.
constexpr milliseconds kRest{20};

pollfd readable(int descriptor) { return {descriptor, POLLIN, 0}; }

}  // namespace

Poller::Poller(Look look, std::function<void(View)> on_view, Occasions occasions)
    : look_(std::move(look)),
      on_view_(std::move(on_view)),
      occasions_(occasions),
      thread_([this] { run(); }) {}

Poller::~Poller() { stop_.notify(); }

void Poller::run() {
  while (true) {
    refresh_.clear();  // before the look, so that what is asked for while it lasts is not forgotten
    View view = look_(stop_.get());
    if (stopped_within(milliseconds(0))) return;
    on_view_(std::move(view));
    if (stopped_within(kRest)) return;
    wait();
  }
}

bool Poller::stopped_within(milliseconds time) const {
  pollfd stop = readable(stop_.get());
  return poll(&stop, 1, static_cast<int>(time.count())) > 0;
}

void Poller::wait() const {
  std::array occasions = {readable(stop_.get()), readable(refresh_.get()),
                          readable(occasions_.descriptor)};
  static_cast<void>(
      poll(occasions.data(), occasions.size(), static_cast<int>(occasions_.interval.count())));
}

}  // namespace imageserver
