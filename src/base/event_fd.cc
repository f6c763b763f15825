#include "base/event_fd.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>

namespace imageserver {

EventFd::EventFd() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_.valid()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

// Fails only when the counter is full, and then it is readable already.
void EventFd::notify() { static_cast<void>(eventfd_write(fd_.get(), 1)); }

void EventFd::clear() {
  eventfd_t ignored = 0;
  static_cast<void>(eventfd_read(fd_.get(), &ignored));
}

}  // namespace imageserver
