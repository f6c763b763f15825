#include "membership/dns_discovery.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "membership/views.h"
#include "support/name_servers.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::Dnsmasq;
using testing::ScriptedNameServer;
using testing::soon;
using testing::Views;

using Reply = ScriptedNameServer::Reply;
using Type = ScriptedNameServer::Type;

constexpr milliseconds kNever = 1h;
constexpr milliseconds kOften = 10ms;

class Asking {
 public:
  Asking(const std::string& spec, std::string server, milliseconds interval = kOften)
      : discovery_(std::in_place,
                   DnsOptions{parse_dns_spec(spec).value(), interval, std::move(server)}) {
    discovery_->start(views_.sink());
  }

  [[nodiscard]] const Views& views() const { return views_; }
  void refresh() { discovery_->refresh(); }
  void leave(std::function<void()> done) { discovery_->leave(std::move(done)); }
  void end() { discovery_.reset(); }

 private:
  Views views_;
  std::optional<DnsDiscovery> discovery_;
};

class DnsDiscoveryTest : public ::testing::Test {
 protected:
  Dnsmasq server_;
};

TEST_F(DnsDiscoveryTest, SeesEveryAddressOfAName) {
  server_.start({"--host-record=img.test,10.0.0.2", "--host-record=img.test,10.0.0.1",
                 "--host-record=img.test,fd00::1"});
  const Asking asking("img.test:8080", server_.address());
  EXPECT_TRUE(asking.views().become({"10.0.0.1:8080", "10.0.0.2:8080", "[fd00::1]:8080"}));
}

TEST_F(DnsDiscoveryTest, AddressesOfOneKindWillDo) {
  server_.start({"--host-record=v4.test,10.0.0.1", "--host-record=v6.test,fd00::1"});
  EXPECT_TRUE(Asking("v4.test:80", server_.address()).views().become({"10.0.0.1:80"}));
  EXPECT_TRUE(Asking("v6.test:80", server_.address()).views().become({"[fd00::1]:80"}));
}

TEST_F(DnsDiscoveryTest, FollowsAnAlias) {
  server_.start({"--host-record=node.test,10.0.0.1", "--cname=img.test,node.test"});
  EXPECT_TRUE(Asking("img.test:80", server_.address()).views().become({"10.0.0.1:80"}));
}

TEST_F(DnsDiscoveryTest, SeesTheTargetsOfSrvRecords) {
  server_.start(
      {"--srv-host=_img._tcp.test,Node-2.Test,8082", "--srv-host=_img._tcp.test,node-1.test,8081"});
  const Asking asking("srv:_img._tcp.test", server_.address());
  EXPECT_TRUE(asking.views().become({"node-1.test:8081", "node-2.test:8082"}));
}

TEST_F(DnsDiscoveryTest, ManyAnswersComeWhole) {
  std::vector<std::string> records;
  std::vector<std::string> names;
  for (int i = 100; i < 200; ++i) {
    const std::string address = "10.0.0." + std::to_string(i);
    records.push_back("--host-record=img.test," + address);
    names.push_back(address + ":80");
  }
  server_.start(records);
  EXPECT_TRUE(Asking("img.test:80", server_.address()).views().become(names));
}

TEST_F(DnsDiscoveryTest, FailsWhereThereIsNoName) {
  server_.start({"--txt-record=empty.test,nothing"});
  EXPECT_TRUE(Asking("no.test:80", server_.address()).views().fail_with("no.test: no records"));
  EXPECT_TRUE(Asking("empty.test:80", server_.address()).views().fail_with("no records"));
  EXPECT_TRUE(Asking("srv:no.test", server_.address()).views().fail_with("no records"));
  EXPECT_TRUE(Asking("no.such.:80", server_.address()).views().fail_with("no.such. A"));
}

TEST_F(DnsDiscoveryTest, SeesThatRecordsChange) {
  server_.start({"--host-record=img.test,10.0.0.1"});
  const Asking asking("img.test:80", server_.address());
  ASSERT_TRUE(asking.views().become({"10.0.0.1:80"}));
  server_.start({"--host-record=img.test,10.0.0.1", "--host-record=img.test,10.0.0.2"});
  EXPECT_TRUE(asking.views().become({"10.0.0.1:80", "10.0.0.2:80"}));
}

TEST_F(DnsDiscoveryTest, LooksAgainWhenAsked) {
  server_.start({"--host-record=img.test,10.0.0.1"});
  Asking asking("img.test:80", server_.address(), kNever);
  ASSERT_TRUE(asking.views().become({"10.0.0.1:80"}));
  server_.start({"--host-record=img.test,10.0.0.2"});
  asking.refresh();
  EXPECT_TRUE(asking.views().become({"10.0.0.2:80"}));
}

TEST_F(DnsDiscoveryTest, FailsWhileTheServerIsGone) {
  server_.start({"--host-record=img.test,10.0.0.1"});
  const Asking asking("img.test:80", server_.address());
  ASSERT_TRUE(asking.views().become({"10.0.0.1:80"}));
  server_.stop();
  EXPECT_TRUE(asking.views().fail_with("Timeout"));
  server_.start({"--host-record=img.test,10.0.0.1"});
  EXPECT_TRUE(asking.views().become({"10.0.0.1:80"}));
}

TEST_F(DnsDiscoveryTest, HasNothingToLeave) {
  Asking asking("img.test:80", server_.address());
  bool left = false;
  asking.leave([&] { left = true; });
  EXPECT_TRUE(left);
}

TEST(DnsDiscoveryWithoutAServerTest, FailsWhereNobodyListens) {
  const std::string nobody = testing::Port().address();
  EXPECT_TRUE(Asking("img.test:80", nobody).views().fail_with("Could not contact DNS servers"));
}

constexpr std::uint8_t kServerFailure = 2;
constexpr std::uint8_t kRefused = 5;

Reply records(std::vector<std::string> data) {
  Reply reply;
  reply.records = std::move(data);
  return reply;
}

Reply refusal(std::uint8_t code) {
  Reply reply;
  reply.code = code;
  return reply;
}

Reply silence() {
  Reply reply;
  reply.silent = true;
  return reply;
}

// A part of the list would move keys.
TEST(ScriptedDnsDiscoveryTest, FailsIfOneKindOfAddressesCannotBeHad) {
  const Reply address = records({std::string("\x0a\0\0\x01", 4)});
  for (const Reply& failing : {refusal(kServerFailure), refusal(kRefused), silence()}) {
    const ScriptedNameServer server(
        [&](Type type) { return type == Type::kA ? address : failing; });
    EXPECT_TRUE(Asking("img.test:80", server.address()).views().fail_with("img.test AAAA"));
  }
}

TEST(ScriptedDnsDiscoveryTest, FailsOnAMalformedRecord) {
  const ScriptedNameServer server([](Type) { return records({"\x0a"}); });
  EXPECT_TRUE(Asking("img.test:80", server.address()).views().fail_with("DNS: img.test"));
  EXPECT_TRUE(Asking("srv:img.test", server.address()).views().fail_with("DNS: img.test SRV"));
}

TEST(ScriptedDnsDiscoveryTest, ASrvRecordMayNameNoHost) {
  const ScriptedNameServer server(
      [](Type) { return records({std::string("\0\0\0\0\0\x50\0", 7)}); });
  EXPECT_TRUE(Asking("srv:img.test", server.address()).views().fail_with("no records"));
}

TEST(ScriptedDnsDiscoveryTest, FailsOnASrvRecordWithoutAPort) {
  const ScriptedNameServer server(
      [](Type) { return records({std::string("\0\0\0\0\0\0\1a\0", 9)}); });
  EXPECT_TRUE(
      Asking("srv:img.test", server.address()).views().fail_with("\"a:0\" is no host:port"));
}

TEST(ScriptedDnsDiscoveryTest, EndsWithAQueryUnderWay) {
  const ScriptedNameServer server([](Type) { return silence(); });
  Asking asking("img.test:80", server.address());
  ASSERT_TRUE(soon([&] { return server.queries() > 0; }));
  asking.end();
  EXPECT_EQ(asking.views().count(), 0U);
}

TEST(UnstartedDnsDiscoveryTest, MayBeDestroyed) {
  DnsDiscovery discovery(DnsOptions{{"img.test", 80}, kNever, {}});
  discovery.refresh();
}

}  // namespace
}  // namespace imageserver
