#include "render/service/inbox.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace imageserver {
namespace {

// A job and its spec.
constexpr std::size_t kLargestMessage = 64U << 10U;

[[noreturn]] void leave() { _exit(0); }

}  // namespace

Inbox::Inbox(Channel& channel) : channel_(channel), watched_(epoll_create1(EPOLL_CLOEXEC)) {
  epoll_event nothing{};
  nothing.events = EPOLLONESHOT;
  if (epoll_ctl(watched_.get(), EPOLL_CTL_ADD, channel_.get(), &nothing) != 0)
    throw std::runtime_error("the socket cannot be watched");
}

// The watcher is woken once at most.
void Inbox::set_watched(bool is_watched) const {
  epoll_event event{};
  event.events = EPOLLONESHOT;
  if (is_watched) event.events |= EPOLLIN;
  static_cast<void>(epoll_ctl(watched_.get(), EPOLL_CTL_MOD, channel_.get(), &event));
}

ReceivedJob Inbox::begin_job() {
  while (true) {
    const auto message = channel_.wait_for_message(kLargestMessage);
    if (!message) leave();
    if (message->kind == MessageKind::kLeave && message->body.empty()) continue;  // the last job
    auto job = decoded_value<RenderJob>(message->body);
    if (message->kind != MessageKind::kJob || !job) leave();
    const MutexLock lock(mutex_);
    lasts_ = true;
    stop_ = std::stop_source();
    permit_.reset();
    set_watched(true);
    return {*std::move(job), stop_.get_token()};
  }
}

void Inbox::end_job() {
  const MutexLock lock(mutex_);
  lasts_ = false;
  set_watched(false);
}

bool Inbox::take_permit() {
  const MutexLock lock(mutex_);
  while (!permit_) permitted_.wait(mutex_);
  const bool permit = *permit_;
  permit_.reset();
  return permit;
}

void Inbox::watch() {
  while (true) {
    epoll_event event{};
    if (epoll_wait(watched_.get(), &event, 1, -1) == 1) listen_during_job();
  }
}

void Inbox::listen_during_job() {
  const MutexLock lock(mutex_);
  while (lasts_) {
    const Channel::Progress progress = channel_.receive(kLargestMessage);
    if (progress == Channel::Progress::kGone) leave();
    if (progress == Channel::Progress::kMore) return set_watched(true);
    hear_during_job(channel_.take());
  }
}

void Inbox::hear_during_job(const Message& message) {
  if (message.kind == MessageKind::kLeave && message.body.empty()) {
    stop_.request_stop();
    permit_ = false;
  } else {
    permit_ = decoded_value<bool>(message.body);
    if (message.kind != MessageKind::kPermit || !permit_) leave();
  }
  permitted_.notify_all();
}

}  // namespace imageserver
