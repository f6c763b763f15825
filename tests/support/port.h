// A port of the loopback for a process to listen on.

#ifndef IMAGESERVER_TESTS_SUPPORT_PORT_H_
#define IMAGESERVER_TESTS_SUPPORT_PORT_H_

#include <cstdint>
#include <string>

#include "base/unique_fd.h"

namespace imageserver::testing {

// Held by a socket that is bound with SO_REUSEADDR and does not listen: the kernel gives the port
// to nobody who asks for any, and connections to it are refused, but who asks for this one by
// number, and reuses addresses, may listen on it. So it is known beforehand, and still free when
// needed.
class Port {
 public:
  Port();

  [[nodiscard]] std::uint16_t number() const { return number_; }

  // `127.0.0.1:PORT`.
  [[nodiscard]] std::string address() const;

  // From now on somebody listens on it.
  void occupy();

 private:
  UniqueFd socket_;
  std::uint16_t number_ = 0;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PORT_H_
