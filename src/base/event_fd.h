// A descriptor that one thread makes readable to wake another.

#ifndef IMAGESERVER_BASE_EVENT_FD_H_
#define IMAGESERVER_BASE_EVENT_FD_H_

#include "base/unique_fd.h"

namespace imageserver {

// Threads: any, concurrently.
class EventFd {
 public:
  // Throws std::system_error if the process has no descriptor left.
  EventFd();

  [[nodiscard]] int get() const { return fd_.get(); }

  // Readable until clear().
  void notify();
  void clear();

 private:
  const UniqueFd fd_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_EVENT_FD_H_
