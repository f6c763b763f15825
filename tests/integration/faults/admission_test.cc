// Who may speak as a peer, and where.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"
#include "params/parse_target.h"
#include "peers/wire/context_header.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"
#include "support/patience.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

constexpr std::string_view kSecret = "a secret that all nodes of the ring share";
constexpr std::string_view kOtherSecret = "a secret that none of the others has";

std::string context_of(std::string_view target) {
  return encode_context_header(parse_target(target).value());
}

std::string peer_target(std::string_view target) {
  return "/_groupcache/imageserver/" + key_of(target);
}

// A peer's request for a picture. What is not said is as it should be.
struct Forgery {
  std::string_view secret = kSecret;
  std::string_view signed_method = "GET";
  std::string_view signed_target = {};   // empty: what is asked for
  std::string_view signed_context = {};  // empty: what is sent
  std::int64_t age = 0;                  // in seconds
};

std::string signature_of(const Forgery& forgery, std::string_view target) {
  const std::string path =
      peer_target(forgery.signed_target.empty() ? target : forgery.signed_target);
  const std::string context =
      context_of(forgery.signed_context.empty() ? target : forgery.signed_context);
  return sign(forgery.secret, {forgery.signed_method, path, context},
              seconds_since_1970() - forgery.age, NonceStream().next());
}

class GuardedNode : public ::testing::Test {
 protected:
  [[nodiscard]] Reply ask(const std::string& target, const std::string& signature) const {
    std::string fields = std::string(kContextHeader) + ": " + context_of(target) + "\r\n";
    if (!signature.empty()) fields += std::string(kSignatureHeader) + ": " + signature + "\r\n";
    return node_.get(peer_target(target), fields);
  }

  void expect_refused(const Reply& reply) const {
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.field("Cache-Control"), "no-store");
    EXPECT_EQ(node_.counter("Group/Loads"), 0U);
    EXPECT_EQ(node_.counter("Group/ServerRequests"), 0U);
    EXPECT_EQ(cached_items(node_), 0U);
  }

  const TemporaryDirectory directory_;
  const std::string picture_ = "/small.jpg?width=20";
  const std::string other_ = "/small.jpg?width=21";
  const Node node_{
      Flags{"--groupcache-secret-file=" + directory_.write("secret", kSecret).string()}};
};

TEST_F(GuardedNode, LetsInWhoSigns) {
  EXPECT_EQ(ask(picture_, signature_of({}, picture_)).status, 200);
  EXPECT_EQ(ask(other_, signature_of({.age = 20}, other_)).status, 200) << "clocks differ";
  EXPECT_EQ(node_.counter("Group/LocalLoads"), 2U);
}

TEST_F(GuardedNode, RefusesWhatIsNotSigned) {
  expect_refused(ask(picture_, ""));
  expect_refused(ask(picture_, "x"));
  expect_refused(ask(picture_, "1.2.3"));
  expect_refused(node_.get(peer_target(picture_)));
  expect_refused(node_.get("/_groupcache/imageserver"));
}

TEST_F(GuardedNode, RefusesWhatIsForged) {
  expect_refused(ask(picture_, signature_of({.secret = kOtherSecret}, picture_)));
  expect_refused(ask(picture_, signature_of({.secret = ""}, picture_)));
  expect_refused(ask(picture_, signature_of({.signed_method = "HEAD"}, picture_)));
  expect_refused(ask(picture_, signature_of({.signed_target = other_}, picture_)));
  expect_refused(ask(picture_, signature_of({.signed_context = other_}, picture_)));
}

TEST_F(GuardedNode, RefusesWhatIsOutOfTime) {
  expect_refused(ask(picture_, signature_of({.age = 100}, picture_)));
  expect_refused(ask(picture_, signature_of({.age = -100}, picture_)));
}

TEST_F(GuardedNode, RefusesWhatItHasHeardBefore) {
  const std::string signature = signature_of({}, picture_);
  EXPECT_EQ(ask(picture_, signature).status, 200);
  EXPECT_EQ(ask(picture_, signature).status, 403);
  EXPECT_EQ(ask(other_, signature).status, 403);
  EXPECT_EQ(node_.counter("Group/ServerRequests"), 1U);
  EXPECT_EQ(node_.counter("Group/LocalLoads"), 1U);
}

// So nodes sign that are older than the streams of nonces.
TEST_F(GuardedNode, LetsInWhoSignsWithARandomNonce) {
  const std::string signature = sign(kSecret, {"GET", peer_target(picture_), context_of(picture_)},
                                     seconds_since_1970(), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(ask(picture_, signature).status, 200);
  EXPECT_EQ(ask(picture_, signature).status, 403);
}

// The signature is right, and says nothing about whether the key is.
TEST_F(GuardedNode, StillBelievesAKeyOnlyWithItsParams) {
  const std::string path = peer_target(other_);
  const std::string context = context_of(picture_);
  const std::string signature =
      sign(kSecret, {"GET", path, context}, seconds_since_1970(), NonceStream().next());
  const Reply reply =
      node_.get(path, std::string(kContextHeader) + ": " + context + "\r\n" +
                          std::string(kSignatureHeader) + ": " + signature + "\r\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(node_.counter("Group/Loads"), 0U);
  EXPECT_EQ(cached_items(node_), 0U);
}

TEST_F(GuardedNode, ClientsNeedNoSignature) {
  EXPECT_EQ(node_.get(picture_).status, 200);
  EXPECT_EQ(node_.get("/readyz").status, 200);
}

TEST_F(GuardedNode, TellsOfItselfToWhoHasTheTokenThatItsCommandPrints) {
  Process command(
      {program(), "token", "--groupcache-secret-file=" + (directory_.path() / "secret").string()});
  ASSERT_EQ(command.wait(), 0) << command.errors();
  const std::string token = command.output().substr(0, command.output().find('\n'));
  EXPECT_EQ(command.output(), token + '\n');
  EXPECT_EQ(token.find(kSecret), std::string::npos);
  const std::string fields = "Authorization: Bearer " + token + "\r\n";
  for (const char* const path : {"/stats", "/peers"}) {
    EXPECT_EQ(node_.get(path, fields).status, 200) << path;
    const Reply refused = node_.get(path);
    EXPECT_EQ(refused.status, 401) << path;
    EXPECT_EQ(refused.field("WWW-Authenticate").substr(0, 6), "Bearer");
    EXPECT_EQ(node_.get(path, "Authorization: Bearer " + std::string(kSecret) + "\r\n").status, 401)
        << "the secret itself is no token";
    Client client(node_.port());
    EXPECT_EQ(client.head(path).status, 401);
    EXPECT_EQ(client.head(path, fields).status, 200);
  }
}

// The secret of each of the three.
Introduction with_secrets(const TemporaryDirectory& directory,
                          const std::vector<std::string_view>& secrets) {
  return [&directory, secrets](const std::vector<std::string>& addresses, std::size_t self) {
    const auto file = directory.write("secret-" + std::to_string(self), secrets[self]);
    Flags flags = introduced_by_flag(addresses, self);
    flags.push_back("--groupcache-secret-file=" + file.string());
    return flags;
  };
}

TEST(RingWithASecret, SharesItsCache) {
  const TemporaryDirectory directory;
  NodeRing ring({}, with_secrets(directory, {kSecret, kSecret, kSecret}));
  for (int width = 20; width < 50; ++width) {
    const std::string target = spread_target(width);
    const std::string first = ring[0].get(target).body;
    for (std::size_t node = 1; node < NodeRing::kNodes; ++node) {
      EXPECT_TRUE(ring[node].get(target).body == first);
    }
  }
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 30U);
  EXPECT_EQ(ring.sum("Group/PeerLoads"), 60U);
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
  EXPECT_EQ(sight(ring[0], ring.name(1)).agrees, true);
}

TEST(RingWithASecret, ANodeWithAnotherSecretMakesThePictureItself) {
  const TemporaryDirectory directory;
  NodeRing ring({"--timeout=60s"}, with_secrets(directory, {kSecret, kSecret, kOtherSecret}));
  const std::string target = ring.target_of(0, "/small.jpg");
  EXPECT_EQ(ring[2].get(target).status, 200);
  EXPECT_EQ(ring[2].counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(ring[2].counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring[0].counter("Group/ServerRequests"), 0U);
  EXPECT_EQ(ring[0].counter("Group/Loads"), 0U);
  const PeerSight seen = sight(ring[2], ring.name(0));
  EXPECT_EQ(seen.errors, 1U);
  EXPECT_EQ(seen.last_error, "answered with status 403");
  EXPECT_EQ(seen.state, "closed");
  EXPECT_EQ(ring[1].get(target).status, 200);
  EXPECT_EQ(ring[1].counter("Group/PeerErrors"), 0U) << "the other two get on";
}

// Each with one address for the world and one for the others.
class TwoAddresses : public ::testing::Test {
 protected:
  TwoAddresses() {
    for (std::size_t i = 0; i < NodeRing::kNodes; ++i) {
      Flags flags =
          introduced_by_flag({ring_[0].address(), ring_[1].address(), ring_[2].address()}, i);
      flags.push_back("--groupcache-listen=" + ring_[i].address());
      nodes_.push_back(std::make_unique<Node>(flags));
    }
  }

  [[nodiscard]] Reply ask_ring_side(std::size_t node, std::string_view target) const {
    return get(ring_[node].number(), target);
  }

  const std::vector<Port> ring_{NodeRing::kNodes};
  std::vector<std::unique_ptr<Node>> nodes_;
};

TEST_F(TwoAddresses, TheWorldSeesPicturesOnlyAndTheRingEverythingElse) {
  for (const char* const path : {"/stats", "/peers", "/_groupcache/imageserver/x",
                                 "/_groupcache/imageserver", "/_groupcache/"}) {
    EXPECT_EQ(nodes_[0]->get(path).status, 404) << path;
    EXPECT_NE(ask_ring_side(0, path).status, 404) << path;
  }
  for (const char* const path : {"/small.jpg", "/small.jpg?width=20", "/", "/favicon.ico"}) {
    EXPECT_EQ(ask_ring_side(0, path).status, 404) << path;
  }
  EXPECT_EQ(nodes_[0]->get("/small.jpg?width=20").status, 200);
  for (const char* const path : {"/healthz", "/readyz"}) {
    EXPECT_EQ(nodes_[0]->get(path).status, 200) << path;
    EXPECT_EQ(ask_ring_side(0, path).status, 200) << path;
  }
}

TEST_F(TwoAddresses, NodesSpeakToEachOtherOnTheSecond) {
  for (int width = 20; width < 50; ++width) {
    const std::string target = spread_target(width);
    const std::string first = nodes_[0]->get(target).body;
    for (const auto& node : nodes_) EXPECT_TRUE(node->get(target).body == first) << target;
  }
  for (std::size_t other = 1; other < NodeRing::kNodes; ++other) {
    const PeerSight seen =
        sight_in(ask_ring_side(0, "/peers").body, "http://" + ring_[other].address());
    EXPECT_GT(seen.requests, 0U);
    EXPECT_EQ(seen.errors, 0U);
    EXPECT_EQ(seen.agrees, true);
  }
}

}  // namespace
}  // namespace imageserver::testing
