#include "base/ready_write.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <thread>

namespace imageserver {
namespace {

// A non-blocking socket may be ready and yet have no room for the whole of a message.
constexpr milliseconds kBeforeAgain{10};

ssize_t without_room(milliseconds wait) {
  std::this_thread::sleep_for(wait);
  return 0;
}

}  // namespace

ssize_t write_when_ready(int fd, std::string_view text, milliseconds most) {
  pollfd writable{fd, POLLOUT, 0};
  const int ready = poll(&writable, 1, static_cast<int>(most.count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) return 0;
  if (ready < 0) return -1;
  const ssize_t n = write(fd, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
  if (n >= 0) return n;
  if (errno == EAGAIN) return without_room(std::min(kBeforeAgain, most));
  return errno == EINTR ? 0 : -1;
}

}  // namespace imageserver
