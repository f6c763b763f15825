#include "integration/harness/black_hole.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace imageserver::testing {
namespace {

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

BlackHole::BlackHole() {
  constexpr int kMoreThanFit = 4;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(listener_.port());
  for (int i = 0; i < kMoreThanFit; ++i) {
    UniqueFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    check(client.get(), "socket");
    const int connected =
        connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (connected != 0 && errno != EINPROGRESS) check(connected, "connect");
    in_the_way_.push_back(std::move(client));
  }
}

std::string BlackHole::address() const { return "127.0.0.1:" + std::to_string(listener_.port()); }

}  // namespace imageserver::testing
