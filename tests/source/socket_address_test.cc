#include "source/socket_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>

namespace imageserver {
namespace {

template <class Address>
std::string text_of(const Address& address) {
  const auto ip = ip_address(reinterpret_cast<const sockaddr&>(address));
  return ip ? ip->to_string() : "none";
}

TEST(SocketAddressTest, AnAddressOfIpv4) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(80);
  ASSERT_EQ(inet_pton(AF_INET, "10.1.2.3", &v4.sin_addr), 1);
  EXPECT_EQ(text_of(v4), "10.1.2.3");
}

TEST(SocketAddressTest, AnAddressOfIpv6) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  ASSERT_EQ(inet_pton(AF_INET6, "2001:db8::17", &v6.sin6_addr), 1);
  EXPECT_EQ(text_of(v6), "2001:db8::17");
  ASSERT_EQ(inet_pton(AF_INET6, "::ffff:10.1.2.3", &v6.sin6_addr), 1);
  EXPECT_EQ(text_of(v6), "::ffff:10.1.2.3");
}

TEST(SocketAddressTest, AnyOtherHasNone) {
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  EXPECT_EQ(text_of(path), "none");
}

}  // namespace
}  // namespace imageserver
