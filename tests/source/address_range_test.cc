#include "source/address_range.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

bool contains(std::string_view range, const std::string& address) {
  return parse_address_range(range).value().contains(net::ip::make_address(address));
}

TEST(AddressRangeTest, HasTheAddressesThatBeginWithItsBits) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
  EXPECT_FALSE(contains("172.16.0.0/12", "172.15.255.255"));
  EXPECT_TRUE(contains("fd12::/16", "fd12:ffff::1"));
  EXPECT_FALSE(contains("fd12::/16", "fd13::"));
  EXPECT_TRUE(contains("3fff::/20", "3fff:fff::"));
  EXPECT_FALSE(contains("3fff::/20", "3fff:1000::"));
}

TEST(AddressRangeTest, NoBitsAreAllAddressesOfTheFamily) {
  EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
  EXPECT_TRUE(contains("::/0", "ffff::"));
  EXPECT_FALSE(contains("::/0", "0.0.0.0"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::"));
}

TEST(AddressRangeTest, AnAddressAloneIsARangeOfOne) {
  EXPECT_TRUE(contains("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(contains("10.0.0.1", "10.0.0.0"));
  EXPECT_TRUE(contains("fd12::1", "fd12::1"));
  EXPECT_FALSE(contains("FD12::1/128", "fd12::"));
}

TEST(AddressRangeTest, IsNothingElse) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view text : {""sv,
                                      "/8"sv,
                                      "10.0.0.0/"sv,
                                      "10.0.0.0/33"sv,
                                      "10.0.0.0/-1"sv,
                                      "10.0.0.0/+8"sv,
                                      "10.0.0.0/8/8"sv,
                                      "10.0.0.1/8"sv,
                                      "10.0.0/8"sv,
                                      "10"sv,
                                      "010.0.0.0/8"sv,
                                      "0x0a.0.0.0"sv,
                                      "10.0.0.256"sv,
                                      "10.0.0.0 "sv,
                                      "10.0.0.0\0"sv,
                                      "fd12::/129"sv,
                                      "fd12::1/16"sv,
                                      "[fd12::1]"sv,
                                      "fe80::1%lo"sv,
                                      "::ffff:10.0.0.0/104"sv,
                                      "::ffff:10.0.0.1"sv,
                                      "10.0.0.0/4294967304"sv,
                                      "host"sv}) {
    EXPECT_FALSE(parse_address_range(text)) << text;
  }
}

}  // namespace
}  // namespace imageserver
