#include "server/disk_look.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace imageserver {

void DiskLook::start() {
  net::post(watch_, [self = shared_from_this()] {
    self->timer_.expires_after(kPatience);
    self->timer_.async_wait([self](const error_code& error) {
      if (!error) self->run_out();
    });
  });
}

void DiskLook::end() {
  std::function<void()> done;
  {
    const MutexLock lock(mutex_);
    done = std::exchange(done_, nullptr);
  }
  if (!done) return;
  net::post(watch_, [self = shared_from_this()] { self->timer_.cancel(); });
  done();
}

void DiskLook::run_out() {
  {
    const MutexLock lock(mutex_);
    if (!done_) return;
  }
  original_->not_seen(begun_, Clock::now() + kBetweenLooks);
  end();
}

}  // namespace imageserver
