// Which addresses are dialled for an original, whatever names and redirects say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/soundness.h"
#include "integration/origins/fake_network.h"
#include "integration/origins/flags.h"
#include "integration/origins/scripted_origin.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Public addresses, of which each test says where they lead to.
constexpr const char* kPublic = "93.184.216.34";
constexpr const char* kOtherPublic = "93.184.216.35";

std::string port_text(const ScriptedOrigin& origin) { return std::to_string(origin.port()); }

// A route to the origin.
std::string route(const std::string& address, const std::string& port,
                  const ScriptedOrigin& origin) {
  return address + ':' + port + '=' + port_text(origin) + ' ';
}

class Addresses : public ::testing::Test {
 protected:
  [[nodiscard]] static Flags flags(const std::string& url, const Flags& more = {}) {
    Flags all = {"--source=" IMAGESERVER_TESTDATA, "--source=/photos=" + url};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  static int status(const Node& node, const std::string& path = "/photos/x.jpg") {
    return node.get(path + "?width=10").status;
  }

  ScriptedOrigin origin_{gives(testdata("small.jpg"))};
};

TEST_F(Addresses, ThatArePrivateAreRefused) {
  Node node(flags(origin_.url(), {"--source=/local=http://localhost:" + port_text(origin_)}));
  EXPECT_EQ(status(node), 502);
  EXPECT_EQ(node.get("/photos/x.jpg").body, "the server of the original does not give it\n");
  EXPECT_EQ(status(node, "/local/x.jpg"), 502);
  EXPECT_EQ(origin_.requests(), 0);
  EXPECT_EQ(origin_.most_connections(), 0);
  EXPECT_EQ(node.stop(), 0);
  EXPECT_GT(times_logged(node, "the address 127.0.0.1 may not be dialled"), 0);
}

TEST_F(Addresses, OfAllKindsAreRefusedAtOnce) {
  const std::vector<std::string> hosts = {"0.0.0.0",
                                          "10.0.0.1",
                                          "100.64.0.1",
                                          "127.0.0.2",
                                          "169.254.169.254",
                                          "172.16.0.1",
                                          "192.0.2.1",
                                          "192.168.0.1",
                                          "198.18.0.1",
                                          "203.0.113.1",
                                          "224.0.0.1",
                                          "255.255.255.255",
                                          "[::1]",
                                          "[::]",
                                          "[::ffff:127.0.0.1]",
                                          "[64:ff9b::7f00:1]",
                                          "[fd00::1]",
                                          "[fe80::1]",
                                          "[2002:7f00:1::]",
                                          "[2001:db8::1]",
                                          "0x7f000001",
                                          "2130706433",
                                          "0177.0.0.1",
                                          "127.1",
                                          "168.63.129.16",
                                          "100.100.100.200",
                                          "[fd00:ec2::254]",
                                          "[64:ff9b:1::a9fe:a9fe]"};
  Flags all = {"--source=" IMAGESERVER_TESTDATA};
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    all.push_back("--source=/" + std::to_string(i) + "=http://" + hosts[i] + ':' +
                  port_text(origin_));
  }
  const Node node(all);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    EXPECT_EQ(status(node, "/" + std::to_string(i) + "/x.jpg"), 502) << hosts[i];
  }
  EXPECT_EQ(origin_.most_connections(), 0);
}

TEST_F(Addresses, AreAllowedByRangeOrByName) {
  const std::string by_name = "http://localhost:" + port_text(origin_);
  const Node range(flags(origin_.url(), {"--source-allow-private=10.0.0.0/8,127.0.0.0/8"}));
  EXPECT_EQ(status(range), 200);
  const Node name(flags(by_name, {"--source-allow-private=localhost"}));
  EXPECT_EQ(status(name), 200);
  const Node other_range(flags(origin_.url(), {"--source-allow-private=127.0.0.2"}));
  EXPECT_EQ(status(other_range), 502);
  const Node other_name(flags(origin_.url(), {"--source-allow-private=localhost"}));
  EXPECT_EQ(status(other_name), 502) << "a name is no address";
}

TEST_F(Addresses, OfMetadataAreNeverAllowed) {
  const FakeNetwork network("meta.test=169.254.169.254", route("169.254.169.254", "80", origin_));
  const Node node(flags("http://169.254.169.254",
                        {"--source=/named=http://meta.test",
                         "--source-allow-private=0.0.0.0/0,169.254.169.254,meta.test"}));
  EXPECT_EQ(status(node), 502);
  EXPECT_EQ(status(node, "/named/x.jpg"), 502);
  EXPECT_EQ(origin_.requests(), 0);
}

TEST_F(Addresses, ThatArePublicAreDialled) {
  const FakeNetwork network("public.test=" + std::string(kPublic), route(kPublic, "80", origin_));
  const Node node(flags("http://public.test/base"));
  EXPECT_EQ(status(node), 200);
  EXPECT_EQ(origin_.requests("/base/x.jpg"), 1);
  EXPECT_THAT(origin_.heads().front(), HasSubstr("Host: public.test\r\n"));
}

TEST_F(Addresses, OfANameNobodyKnowsAreAnError) {
  const FakeNetwork network("", "");
  const Node node(flags("http://unknown.test"));
  EXPECT_EQ(status(node), 502);
}

// The attack: a name that is public when it is looked at, and private when it is dialled.
TEST_F(Addresses, OfANameThatIsPublicFirstAndPrivateThenAreRefusedThen) {
  const ScriptedOrigin inner(gives(testdata("small.jpg")));
  const FakeNetwork network("rebind.test=" + std::string(kPublic) + ";127.0.0.1",
                            route(kPublic, "8080", origin_));
  // Two ports are two servers, so that the name is resolved for each.
  Node node(
      flags("http://rebind.test:8080", {"--source=/again=http://rebind.test:" + port_text(inner)}));
  EXPECT_EQ(status(node), 200);
  EXPECT_EQ(status(node, "/again/x.jpg"), 502);
  EXPECT_EQ(origin_.requests(), 1);
  EXPECT_EQ(inner.most_connections(), 0);
  EXPECT_EQ(node.stop(), 0);
  EXPECT_GT(times_logged(node, "the address 127.0.0.1 may not be dialled"), 0);
}

// libcurl resolves for a redirect as for any other request.
TEST_F(Addresses, OfANameThatIsPrivateBehindARedirectAreRefused) {
  const ScriptedOrigin inner(gives(testdata("small.jpg")));
  const FakeNetwork network("public.test=" + std::string(kPublic) + " inner.test=127.0.0.1",
                            route(kPublic, "80", origin_) + route("127.0.0.1", "80", inner));
  origin_.play(plays({.bytes = answer_text(302, "Location: http://inner.test/x.jpg\r\n", "")}));
  Node node(flags("http://public.test", {"--source=/inner=http://inner.test",
                                         "--source-allow-private=inner.test,127.0.0.0/8"}));
  EXPECT_EQ(status(node), 502);
  EXPECT_EQ(inner.most_connections(), 0) << "only the operator may lead there";
  EXPECT_EQ(status(node, "/inner/x.jpg"), 200);
  EXPECT_EQ(status(node, "/photos/y.jpg"), 502) << "although a connection is open by now";
  EXPECT_EQ(inner.requests(), 1);
}

TEST_F(Addresses, OfBothKindsForOneNameLeaveThePublicOnes) {
  const ScriptedOrigin inner(gives("what no client may see"));
  const FakeNetwork network("both.test=127.0.0.1," + std::string(kPublic) + ",10.0.0.1",
                            route(kPublic, port_text(inner), origin_));
  const Node node(flags("http://both.test:" + port_text(inner)));
  EXPECT_EQ(status(node), 200);
  EXPECT_EQ(origin_.requests(), 1);
  EXPECT_EQ(inner.most_connections(), 0);
}

TEST_F(Addresses, ThatARedirectNamesMayBePublic) {
  const ScriptedOrigin other(gives(testdata("small.jpg")));
  const FakeNetwork network("public.test=" + std::string(kPublic) + " other.test=" + kOtherPublic,
                            route(kPublic, "80", origin_) + route(kOtherPublic, "80", other));
  origin_.play(plays({.bytes = answer_text(302, "Location: http://other.test/there.jpg\r\n", "")}));
  const TemporaryDirectory directory;
  const std::string fields =
      directory.write("fields", "/photos Authorization: Bearer abc\n").string();
  const Node node(flags("http://public.test", {"--source-header-file=" + fields}));
  EXPECT_EQ(status(node), 200);
  EXPECT_THAT(origin_.heads().front(), HasSubstr("Authorization: Bearer abc\r\n"));
  ASSERT_EQ(other.requests("/there.jpg"), 1);
  EXPECT_THAT(other.heads().front(), Not(HasSubstr("Authorization"))) << "a secret of the first";
}

TEST_F(Addresses, OfAServerThatWasLeftAreToldNoSecretAfterwards) {
  const ScriptedOrigin other(
      plays({.bytes = answer_text(302, "Location: http://public.test/back.jpg\r\n", "")}));
  const FakeNetwork network("public.test=" + std::string(kPublic) + " other.test=" + kOtherPublic,
                            route(kPublic, "80", origin_) + route(kOtherPublic, "80", other));
  origin_.play([](const std::string& target) -> Script {
    if (target == "/back.jpg") return {.bytes = answer_text(200, "", testdata("small.jpg"))};
    return {.bytes = answer_text(302, "Location: http://other.test/\r\n", "")};
  });
  const TemporaryDirectory directory;
  const std::string fields =
      directory.write("fields", "/photos Authorization: Bearer abc\n").string();
  const Node node(flags("http://public.test", {"--source-header-file=" + fields}));
  EXPECT_EQ(status(node), 200);
  ASSERT_EQ(origin_.requests(), 2);
  EXPECT_THAT(origin_.heads().front(), HasSubstr("Authorization"));
  EXPECT_THAT(origin_.heads().back(), Not(HasSubstr("Authorization")))
      << "another server chose what is asked for";
}

TEST_F(Addresses, BehindARedirectHaveThePortsOfTheWeb) {
  const FakeNetwork network("public.test=" + std::string(kPublic),
                            route(kPublic, "80", origin_) + route(kPublic, "22", origin_));
  origin_.play([](const std::string& target) -> Script {
    if (target == "/x") return {.bytes = answer_text(200, "", testdata("small.jpg"))};
    return {.bytes = answer_text(302, "Location: http://public.test:22/x\r\n", "")};
  });
  const Node node(flags("http://public.test"));
  EXPECT_EQ(status(node), 502);
  EXPECT_EQ(origin_.requests("/x"), 0);
}

// A proxy would be dialled in place of the origin.
TEST_F(Addresses, AreNotThoseOfAProxyInTheEnvironment) {
  const ScriptedOrigin proxy(gives("what no client may see"));
  const FakeNetwork network("public.test=" + std::string(kPublic), route(kPublic, "80", origin_));
  setenv("http_proxy", proxy.url().c_str(), 1);
  setenv("all_proxy", proxy.url().c_str(), 1);
  const Node node(flags("http://public.test"));
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  EXPECT_EQ(status(node), 200);
  EXPECT_EQ(proxy.most_connections(), 0);
}

}  // namespace
}  // namespace imageserver::testing
