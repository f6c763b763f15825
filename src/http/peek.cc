#include "http/peek.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace imageserver {

// Not Asio's receive(): that waits in poll() unless the socket was made non-blocking by its user.
Peek peek(Socket& socket) {
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return Peek::kBytes;
  if (got == 0) return Peek::kEnd;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Peek::kNothing : Peek::kError;
}

OtherSide other_side(Socket& socket) {
  pollfd look{.fd = socket.native_handle(), .events = POLLRDHUP, .revents = 0};
  if (::poll(&look, 1, 0) <= 0) return OtherSide::kSends;
  const auto seen = static_cast<unsigned>(look.revents);
  if ((seen & (unsigned{POLLERR} | unsigned{POLLHUP} | unsigned{POLLNVAL})) != 0) {
    return OtherSide::kBroken;
  }
  return OtherSide::kEnded;
}

}  // namespace imageserver
