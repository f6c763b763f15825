// What a socket has to read, found out without reading it. Threads: the socket's.

#ifndef IMAGESERVER_HTTP_PEEK_H_
#define IMAGESERVER_HTTP_PEEK_H_

#include <cstdint>

#include "base/asio.h"

namespace imageserver {

enum class Peek : std::uint8_t {
  kNothing,  // the connection is open, and no byte has come
  kBytes,
  kEnd,    // the other side sends no more; it may still read
  kError,  // the connection is reset or broken
};

// Never blocks.
[[nodiscard]] Peek peek(Socket& socket);

// What the other side does, whatever bytes of it are still to be read.
enum class OtherSide : std::uint8_t {
  kSends,
  kEnded,   // it sends no more; it may still read
  kBroken,  // the connection is reset or broken
};

// Never blocks.
[[nodiscard]] OtherSide other_side(Socket& socket);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_PEEK_H_
