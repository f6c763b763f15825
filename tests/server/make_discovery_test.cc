#include "server/make_discovery.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

class MakeDiscoveryTest : public ::testing::Test {
 protected:
  // The error's message; "made" or "none" where there is none.
  std::string make() {
    const auto made = make_discovery(options_, context_);
    if (made.has_error()) {
      EXPECT_EQ(made.error().kind, ErrorKind::kInvalidParam);
      return made.error().message;
    }
    return *made ? "made" : "none";
  }

  net::io_context context_{1};
  Options options_;
};

TEST_F(MakeDiscoveryTest, NamesFromTheFlagsNeedNone) { EXPECT_EQ(make(), "none"); }

TEST_F(MakeDiscoveryTest, EverySourceCanBeMade) {
  options_.groupcache_peers_file = "peers";
  EXPECT_EQ(make(), "made");
  options_.groupcache_peers_file.clear();
  options_.groupcache_peers_dns = "srv:imageserver.service.consul";
  options_.groupcache_peers_dns_server = "127.0.0.1:8600";
  EXPECT_EQ(make(), "made");
  options_.groupcache_peers_dns.clear();
  options_.groupcache_peers_etcd = "http://a:2379,http://b:2379";
  EXPECT_EQ(make(), "made");
}

TEST_F(MakeDiscoveryTest, AWrongValueIsNamed) {
  options_.groupcache_peers_dns = "nothing";
  EXPECT_EQ(make(), R"(--groupcache-peers-dns: must be host:port or srv:name, not "nothing")");
  options_.groupcache_peers_dns = "host:80";
  options_.groupcache_peers_dns_server = "ns:53";
  EXPECT_EQ(make(), R"(--groupcache-peers-dns-server: must be ip:port, not "ns:53")");
  options_.groupcache_peers_dns.clear();
  options_.groupcache_peers_etcd = "https://a:1";
  EXPECT_EQ(make(),
            "--groupcache-peers-etcd: must be http://host:port, or several separated by commas, "
            "not \"https://a:1\"");
}

TEST_F(MakeDiscoveryTest, ThisNodeMustHaveANameThatOthersCanReach) {
  options_.groupcache_peers_file = "peers";
  options_.http = "127.0.0.1:0";
  EXPECT_EQ(make(),
            "--groupcache-self: must be the name by which the peers know this node, not "
            "\"127.0.0.1:0\"");
}

}  // namespace
}  // namespace imageserver
