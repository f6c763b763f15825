#include "peers/identify_peer.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

class IdentifyPeerTest : public ::testing::Test {
 protected:
  IdentifyPeerTest() {
    options_.fingerprint = [] { return "our ring"; };
  }

  // What the peer counts as after an answer of that status; `ring` empty: the answer has no such
  // field.
  PeerKind kind_after(unsigned status, const std::string& ring) {
    ClientResponse response;
    response.status = status;
    if (!ring.empty()) response.fields.emplace_back("x-imageserver-ring", ring);
    identify_peer(peer_, response, options_);
    return peer_.kind();
  }

  PeerOptions options_;
  Peer peer_{"http://10.0.0.1:8080", 1};
};

TEST_F(IdentifyPeerTest, WithTheFieldOfTheRingItIsOneOfOurs) {
  EXPECT_EQ(kind_after(404, "our ring"), PeerKind::kOurs);
  EXPECT_EQ(peer_.view().ring, "our ring");
}

TEST_F(IdentifyPeerTest, APictureWithoutTheFieldIsFromAGoNode) {
  EXPECT_EQ(kind_after(200, ""), PeerKind::kGo);
}

TEST_F(IdentifyPeerTest, AnErrorWithoutTheFieldShowsNothing) {
  EXPECT_EQ(kind_after(431, ""), PeerKind::kUnknown);
  kind_after(200, "our ring");
  EXPECT_EQ(kind_after(500, ""), PeerKind::kOurs);
}

TEST_F(IdentifyPeerTest, InARingWithGoNodesAnyAnswerWithoutTheFieldIsFromOne) {
  options_.mode = RingMode::kGo;
  EXPECT_EQ(kind_after(500, ""), PeerKind::kGo);
}

TEST_F(IdentifyPeerTest, AnotherRingTakesTheMinutesWarning) {
  kind_after(200, "our ring");
  EXPECT_FALSE(peer_.take_ring_warning("our ring", Clock::now()));
  kind_after(200, "another ring");
  EXPECT_FALSE(peer_.take_ring_warning("our ring", Clock::now())) << "it was given already";
  EXPECT_TRUE(peer_.take_ring_warning("our ring", Clock::now() + std::chrono::minutes(1)));
}

}  // namespace
}  // namespace imageserver
