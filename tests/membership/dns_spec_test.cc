#include "membership/dns_spec.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

std::optional<DnsSpec> spec(std::string name, std::optional<std::uint16_t> port) {
  return DnsSpec{std::move(name), port};
}

TEST(DnsSpecTest, IsAHostAndAPort) {
  EXPECT_EQ(parse_dns_spec("img.example.org:8080"), spec("img.example.org", 8080));
  EXPECT_EQ(parse_dns_spec("img.example.org.:8080"), spec("img.example.org.", 8080));
}

TEST(DnsSpecTest, MayBeTheNameOfSrvRecords) {
  EXPECT_EQ(parse_dns_spec("srv:_http._tcp.img.example.org"),
            spec("_http._tcp.img.example.org", std::nullopt));
}

TEST(DnsSpecTest, AHostMayBeCalledSrv) { EXPECT_EQ(parse_dns_spec("srv:8080"), spec("srv", 8080)); }

TEST(DnsSpecTest, RefusesOtherTexts) {
  for (const std::string_view text :
       {"", "host", ":80", "host:0", "host:x", "srv:", "srv:a:80", "srv:a b", "srv:[::1]",
        "[::1]:80", "10.0.0.1:80", "srv:10.0.0.1", "a:1,b:2", "http://a:80"}) {
    EXPECT_FALSE(parse_dns_spec(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace imageserver
