#include "support/port.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace imageserver::testing {
namespace {

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Port::Port() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  check(socket_.get(), "socket");
  const int on = 1;
  check(setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  check(bind(socket_.get(), any, size), "bind");
  check(getsockname(socket_.get(), any, &size), "getsockname");
  number_ = ntohs(address.sin_port);
}

std::string Port::address() const { return "127.0.0.1:" + std::to_string(number_); }

void Port::occupy() { check(listen(socket_.get(), 1), "listen"); }

}  // namespace imageserver::testing
