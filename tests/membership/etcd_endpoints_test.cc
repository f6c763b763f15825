#include "membership/etcd_endpoints.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

std::optional<EtcdEndpoints> endpoints(EtcdEndpoints all) { return all; }

TEST(EtcdEndpointsTest, AreUrlsBetweenCommas) {
  EXPECT_EQ(parse_etcd_endpoints("http://a:2379"), endpoints({"a:2379"}));
  EXPECT_EQ(parse_etcd_endpoints("http://a:2379,http://[::1]:2380/"),
            endpoints({"a:2379", "[::1]:2380"}));
}

TEST(EtcdEndpointsTest, RefusesOtherTexts) {
  for (const std::string_view text :
       {"", ",", "a:2379", "https://a:2379", "http://a", "http://:2379", "http://a:0",
        "http://a:2379,", "http://a:2379,,http://b:2379", "http://a:2379/v3", "http://u:p@a:2379",
        "http://a:2379 ,http://b:2379"}) {
    EXPECT_FALSE(parse_etcd_endpoints(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace imageserver
