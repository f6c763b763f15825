// Sends interim answers to a client that waits.

#ifndef IMAGESERVER_HTTP_INTERIM_SENDER_H_
#define IMAGESERVER_HTTP_INTERIM_SENDER_H_

#include <string_view>
#include <utility>

#include "base/asio.h"

namespace imageserver {

// Threads: one at a time.
class InterimSender {
 public:
  // Sends `102 Processing` (RFC 2518 10.1), unless the socket takes no bytes now: then some are on
  // their way to the client, and so it hears of us. Never waits. REQUIRES: the socket does not
  // block, and no answer is being written to it.
  void send(Socket& socket);

  // The end of an interim answer of which the socket took the beginning only: it must be written
  // before anything else. Empty most often.
  [[nodiscard]] std::string_view take_rest() { return std::exchange(rest_, {}); }

 private:
  std::string_view rest_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_INTERIM_SENDER_H_
