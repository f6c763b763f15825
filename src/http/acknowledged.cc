#include "http/acknowledged.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstddef>

namespace imageserver {
namespace {

// What Linux answers (linux/tcp.h): the C library's tcp_info ends earlier, and its own header and
// the kernel's cannot be included together.
struct LinuxTcpInfo {
  tcp_info known;
  std::uint64_t pacing_rate;
  std::uint64_t max_pacing_rate;
  std::uint64_t bytes_acked;
};
static_assert(offsetof(LinuxTcpInfo, bytes_acked) == 120);

}  // namespace

std::uint64_t acknowledged_bytes(int socket) {
  LinuxTcpInfo info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.bytes_acked;
}

}  // namespace imageserver
