#include "http/peek.h"

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

}  // namespace imageserver
