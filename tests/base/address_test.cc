#include "base/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

using testing::Optional;

TEST(Address, APortAloneHasNoHost) {
  EXPECT_THAT(parse_address(":8081"), Optional(Address{"", 8081}));
  EXPECT_THAT(parse_address(":0"), Optional(Address{"", 0}));
  EXPECT_THAT(parse_address(":65535"), Optional(Address{"", 65535}));
}

TEST(Address, AHostIsANameOrANumber) {
  EXPECT_THAT(parse_address("localhost:80"), Optional(Address{"localhost", 80}));
  EXPECT_THAT(parse_address("img-1.example_x.com:80"),
              Optional(Address{"img-1.example_x.com", 80}));
  EXPECT_THAT(parse_address("127.0.0.1:80"), Optional(Address{"127.0.0.1", 80}));
}

TEST(Address, V6StandsInBrackets) {
  EXPECT_THAT(parse_address("[::1]:80"), Optional(Address{"::1", 80}));
  EXPECT_THAT(parse_address("[2001:db8::a.b]:80"), std::nullopt);
  EXPECT_THAT(parse_address("[::ffff:10.0.0.1]:80"), Optional(Address{"::ffff:10.0.0.1", 80}));
  for (const char* text : {"::1:80", "[]:80", "[::1]", "[::1]80", "[::1:80", "::1]:80", "[host]:80",
                           "[127.0.0.1]:80", "[fe80::1%eth0]:80"}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
}

TEST(Address, APortIsDecimalAndFitsSixteenBits) {
  for (const char* text : {"", ":", "host", "host:", "8080", ":65536", ":99999999999999999999",
                           ":-1", ":+1", ":080", ":00", ": 80", ":80 ", ":0x50", ":80a", ":http"}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
}

TEST(Address, AHostWithOtherCharactersIsRefused) {
  for (const char* text : {"http://:80", "a b:80", "a/b:80", "a@b:80", "a,b:80", "\xc3\xa4:80"}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_address(std::string("a\0b:80", 6)), std::nullopt);
  EXPECT_EQ(parse_address(std::string("[::1\0]:80", 9)), std::nullopt);
}

TEST(Address, AHostIsNoLongerThanAName) {
  EXPECT_TRUE(parse_address(std::string(253, 'a') + ":80"));
  EXPECT_FALSE(parse_address(std::string(254, 'a') + ":80"));
}

TEST(PeerName, IsAnAddressWithAPortThatOthersCanConnectTo) {
  for (const char* text : {":80", "host:1", "10.0.0.1:65535", "[::1]:80"}) {
    EXPECT_TRUE(is_peer_name(text)) << text;
  }
  for (const char* text : {"", "host", ":0", "host:0", "[::1]:0", "host:080", "a b:80"}) {
    EXPECT_FALSE(is_peer_name(text)) << text;
  }
}

}  // namespace
}  // namespace imageserver
