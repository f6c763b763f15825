// Origins that speak TLS.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/soundness.h"
#include "integration/origins/flags.h"
#include "integration/origins/nginx_origin.h"
#include "integration/origins/system_trust.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TlsOrigins : public ::testing::Test {
 protected:
  void expect_refused(const std::string& names, int days, const std::string& host) const {
    const NginxOrigin origin(certificates_.sign(names, days));
    origin.write("small.jpg", testdata("small.jpg"));
    const Node node(with_photos_at(origin.url(host), {trust_}));
    for (int width = 10; width < 13; ++width) {
      const Reply reply = node.get("/photos/small.jpg?width=" + std::to_string(width));
      EXPECT_EQ(reply.status, 502);
      EXPECT_EQ(reply.body, "the server of the original does not give it\n");
    }
    EXPECT_THAT(origin.requests(), IsEmpty());
    EXPECT_EQ(node.source_counter("Caches/Main/Items"), 0U);
  }

  const Certificates certificates_;
  const std::string trust_ = "--source-ca=" + certificates_.authority();
};

TEST_F(TlsOrigins, AreAskedByHttp2IfTheirAuthorityIsTrusted) {
  const NginxOrigin origin(certificates_.sign("DNS:localhost"));
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("localhost"), {trust_}));
  const Reply reply = node.get("/photos/small.jpg?width=100");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body == node.get("/small.jpg?width=100").body);
  EXPECT_EQ(node.get("/photos/missing.jpg").status, 404);
  EXPECT_THAT(origin.requests(),
              ElementsAre("GET /small.jpg HTTP/2.0 200", "GET /missing.jpg HTTP/2.0 404"));
}

TEST_F(TlsOrigins, MayGoByAnAddress) {
  const NginxOrigin origin(certificates_.sign("IP:127.0.0.1"));
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("127.0.0.1"), {trust_}));
  EXPECT_TRUE(node.get("/photos/small.jpg").body == testdata("small.jpg"));
}

TEST_F(TlsOrigins, GiveManyOriginalsAtATime) {
  constexpr int kOriginals = 100;
  const NginxOrigin origin(certificates_.sign("DNS:localhost"));
  const Node node(with_photos_at(origin.url("localhost"), {trust_, "--timeout=60s"}));
  std::vector<Client> clients;
  for (int i = 0; i < kOriginals; ++i) {
    const std::string name = std::to_string(i) + ".jpg";
    origin.write(name, testdata("small.jpg"));
    clients.emplace_back(node.port());
    clients.back().send(request_text("GET", "/photos/" + name + "?width=20"));
  }
  const std::string picture = node.get("/small.jpg?width=20").body;
  for (Client& client : clients) {
    const Reply reply = client.read();
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.body == picture);
  }
  EXPECT_THAT(origin.requests(), SizeIs(kOriginals));
}

TEST_F(TlsOrigins, AreRefusedIfNobodyTrustsTheirAuthority) {
  const NginxOrigin origin(certificates_.sign("DNS:localhost"));
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("localhost")));
  EXPECT_EQ(node.get("/photos/small.jpg").status, 502);
  EXPECT_THAT(origin.requests(), IsEmpty());
}

TEST_F(TlsOrigins, AreTrustedByTheAuthoritiesOfTheSystemIfNoOthersAreNamed) {
  const SystemTrust system(certificates_);
  const NginxOrigin origin(certificates_.sign("DNS:localhost"));
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("localhost")));
  EXPECT_EQ(node.get("/photos/small.jpg?width=100").status, 200);
}

// The names differ: of two authorities with one name OpenSSL would only try the first.
TEST_F(TlsOrigins, AreRefusedIfOnlyTheSystemTrustsTheirAuthority) {
  const Certificates others("authority of the system");
  const SystemTrust system(others);
  const Certificate certificate = others.sign("DNS:localhost");
  ASSERT_TRUE(SystemTrust::folder_trusts(certificate));
  const NginxOrigin origin(certificate);
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("localhost"), {trust_}));
  EXPECT_EQ(node.get("/photos/small.jpg?width=100").status, 502);
  EXPECT_THAT(origin.requests(), IsEmpty());
}

TEST_F(TlsOrigins, AreRefusedIfTheirCertificateHasExpired) {
  expect_refused("DNS:localhost", -1, "localhost");
}

TEST_F(TlsOrigins, AreRefusedIfTheirCertificateIsOfAnotherName) {
  expect_refused("DNS:other.test", 2, "localhost");
  expect_refused("DNS:localhost", 2, "127.0.0.1");
}

TEST_F(TlsOrigins, AreRefusedIfTheySpeakNoTls) {
  const NginxOrigin origin;
  origin.write("small.jpg", testdata("small.jpg"));
  const std::string url = "https" + origin.url("localhost").substr(std::string("http").size());
  const Node node(with_photos_at(url, {trust_}));
  EXPECT_EQ(node.get("/photos/small.jpg").status, 502);
}

TEST_F(TlsOrigins, AreTakenBackOnceTheirCertificateIsRight) {
  NginxOrigin origin(certificates_.sign("DNS:localhost", -1));
  origin.write("small.jpg", testdata("small.jpg"));
  const Node node(with_photos_at(origin.url("localhost"), {trust_}));
  EXPECT_EQ(node.get("/photos/small.jpg?width=30").status, 502);
  origin.stop();
  static_cast<void>(certificates_.sign("DNS:localhost"));  // in the same files
  origin.start();
  EXPECT_TRUE(eventually([&] { return node.get("/photos/small.jpg?width=30").status == 200; }));
}

}  // namespace
}  // namespace imageserver::testing
