#include "source/address_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"
#include "source/address_vectors.h"

namespace imageserver {
namespace {

net::ip::address address(std::string_view text) { return net::ip::make_address(std::string(text)); }

TEST(IsGlobalUnicastTest, SaysWhatPythonSaysOrHasAReasonToBeStricter) {
  std::string_view lines = trimmed(testing::kAddressVectors, "\n");
  int asked = 0;
  for (; !lines.empty(); ++asked) {
    const auto [text, answer] = cut(take_until(lines, '\n'), ' ');
    EXPECT_EQ(is_global_unicast(address(text)), answer == "global") << text << ' ' << answer;
  }
  EXPECT_GT(asked, 350);
}

TEST(IsGlobalUnicastTest, TakesServersOfTheInternet) {
  for (const std::string text : {"1.1.1.1", "8.8.8.8", "192.0.1.0", "223.255.255.255",
                                 "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00::1"}) {
    EXPECT_TRUE(is_global_unicast(address(text))) << text;
  }
}

TEST(IsGlobalUnicastTest, RefusesEveryRangeForSpecialPurposes) {
  for (const std::string text :
       {"0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.1.1",
        "172.20.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.19.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"}) {
    EXPECT_FALSE(is_global_unicast(address(text))) << text;
  }
  for (const std::string text :
       {"::", "::1", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1",
        "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1"}) {
    EXPECT_FALSE(is_global_unicast(address(text))) << text;
  }
}

TEST(IsGlobalUnicastTest, RefusesEveryWayToPutAV4AddressInAV6One) {
  for (const std::string text :
       {"::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::8.8.8.8",
        "2002:808:808::1", "2001::8.8.8.8", "2a00::5efe:8.8.8.8", "2a00::200:5efe:8.8.8.8"}) {
    EXPECT_FALSE(is_global_unicast(address(text))) << text;
  }
}

TEST(IsMetadataTest, KnowsTheAddressesOfClouds) {
  for (const std::string text :
       {"169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.42.42", "169.254.0.23",
        "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd00:ec2::23",
        "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe", "fe80::a9fe:a9fe%1"}) {
    EXPECT_TRUE(is_metadata(address(text))) << text;
  }
  for (const std::string text : {"169.254.169.253", "168.63.129.17", "::", "fd00:ec2::253"}) {
    EXPECT_FALSE(is_metadata(address(text))) << text;
  }
}

TEST(IsMetadataTest, KnowsThemInV6AddressesToo) {
  for (const std::string text :
       {"::ffff:169.254.169.254", "::169.254.169.254", "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254", "64:ff9b:1::169.254.169.254", "64:ff9b:1:2:3:4:a9fe:a9fe",
        "2002:a9fe:a9fe::1", "fd00::5efe:169.254.169.254", "fd00::200:5efe:168.63.129.16"}) {
    EXPECT_TRUE(is_metadata(address(text))) << text;
  }
  EXPECT_FALSE(is_metadata(address("fd00::169.254.169.254"))) << "no range that carries v4";
  EXPECT_FALSE(is_metadata(address("2002:0:0:a9fe:a9fe::"))) << "not where 6to4 has it";
}

class AddressRulesTest : public ::testing::Test {
 protected:
  static bool may_dial(std::string_view list, std::string_view where,
                       std::string_view host = "origin.example", bool is_own = true) {
    return AddressRules::parse(list).value().may_dial(address(where), host, is_own);
  }
};

TEST_F(AddressRulesTest, WithoutAListOnlyWhatIsPublicMayBeDialled) {
  EXPECT_TRUE(may_dial("", "8.8.8.8"));
  EXPECT_TRUE(may_dial("", "2a00::1", "origin.example", false));
  EXPECT_FALSE(may_dial("", "10.0.0.1"));
  EXPECT_FALSE(AddressRules().may_dial(address("::1"), "localhost", true));
}

TEST_F(AddressRulesTest, AListHasRangesAndAddresses) {
  const std::string list = "10.0.0.0/8,fd12::/16,127.0.0.1,::1";
  for (const std::string where : {"10.9.8.7", "fd12::9", "127.0.0.1", "::1", "8.8.8.8"}) {
    EXPECT_TRUE(may_dial(list, where)) << where;
  }
  for (const std::string where : {"172.16.0.1", "fd13::1", "127.0.0.2", "::2"}) {
    EXPECT_FALSE(may_dial(list, where)) << where;
  }
}

TEST_F(AddressRulesTest, AListHasHosts) {
  const std::string list = "Origin.Internal,other";
  EXPECT_TRUE(may_dial(list, "10.0.0.1", "origin.internal"));
  EXPECT_TRUE(may_dial(list, "::1", "other"));
  EXPECT_FALSE(may_dial(list, "10.0.0.1", "a.origin.internal"));
  EXPECT_FALSE(may_dial(list, "10.0.0.1", "origin.internal."));
  EXPECT_FALSE(may_dial(list, "10.0.0.1", "internal"));
}

TEST_F(AddressRulesTest, V4InV6CountsAsItsV4) {
  EXPECT_TRUE(may_dial("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_FALSE(may_dial("10.0.0.0/8", "::ffff:11.0.0.1"));
  EXPECT_FALSE(may_dial("::/0", "::ffff:10.0.0.1"));
  EXPECT_FALSE(may_dial("10.0.0.0/8", "::10.0.0.1")) << "only the mapped ones do";
}

TEST_F(AddressRulesTest, TheListDoesNotCountBehindARedirectOfAnotherServer) {
  EXPECT_FALSE(may_dial("10.0.0.0/8", "10.0.0.1", "origin.example", false));
  EXPECT_FALSE(may_dial("origin.internal", "10.0.0.1", "origin.internal", false));
  EXPECT_TRUE(may_dial("10.0.0.0/8", "8.8.8.8", "origin.example", false));
}

TEST_F(AddressRulesTest, MetadataIsNeverDialled) {
  const std::string all = "0.0.0.0/0,::/0,metadata.internal";
  for (const std::string where : {"169.254.169.254", "168.63.129.16", "fd00:ec2::254",
                                  "::ffff:169.254.169.254", "64:ff9b::169.254.169.254"}) {
    EXPECT_FALSE(may_dial(all, where, "metadata.internal")) << where;
  }
  EXPECT_TRUE(may_dial(all, "169.254.169.253"));
}

TEST_F(AddressRulesTest, WhatIsWrongNamesTheItem) {
  const auto message = [](std::string_view list) {
    const auto rules = AddressRules::parse(list);
    return rules.has_error() ? rules.error() : Error{};
  };
  EXPECT_EQ(message("10.0.0.0/8,10.0.0.0/99,x"),
            (Error{ErrorKind::kInvalidParam,
                   "must be CIDRs, addresses and names of hosts, with commas between them; "
                   "\"10.0.0.0/99\" is none of these"}));
  for (const std::string list : {"10.0.0.1/8", "a,,b", ",a", "a, b", "10.0.0", "256.1.1.1", "10",
                                 "host:80", "[::1]", "*.example", "http://a", "fe80::1%lo",
                                 "::ffff:10.0.0.1", "a.example/8", "gr\xc3\xbcn", "10.0.0.1."}) {
    EXPECT_EQ(message(list).kind, ErrorKind::kInvalidParam) << list;
  }
  EXPECT_TRUE(AddressRules::parse(std::string(253, 'a')).has_value());
  EXPECT_TRUE(AddressRules::parse(std::string(254, 'a')).has_error());
}

}  // namespace
}  // namespace imageserver
