#include "peers/identify_peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/captured_log.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class IdentifyPeerTest : public ::testing::Test {
 protected:
  IdentifyPeerTest() {
    options_.fingerprint = [] { return "our ring"; };
    options_.settings = [] { return "formats=1 presets=1"; };
  }

  // What the peer counts as after an answer of that status; `ring` empty: the answer has no such
  // field.
  PeerKind kind_after(unsigned status, const std::string& ring,
                      const std::string& settings = "formats=1 presets=1") {
    ClientResponse response;
    response.status = status;
    if (!ring.empty()) response.fields.emplace_back("x-imageserver-ring", ring);
    response.fields.emplace_back("x-imageserver-settings", settings);
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

TEST_F(IdentifyPeerTest, TheSettingsOfThePeerAreKept) {
  kind_after(200, "another ring", "formats=2");
  EXPECT_EQ(peer_.view().settings, "formats=2");
}

TEST_F(IdentifyPeerTest, TheWarningNamesWhatDiffers) {
  testing::CapturedLog log;
  kind_after(200, "another ring", "formats=1 presets=2");
  EXPECT_THAT(log.take(), ElementsAre(HasSubstr("different settings: presets")));
}

TEST_F(IdentifyPeerTest, WithTheSameSettingsTheNamesDiffer) {
  testing::CapturedLog log;
  kind_after(200, "another ring");
  EXPECT_THAT(log.take(), ElementsAre(HasSubstr("they were given different names")));
}

TEST_F(IdentifyPeerTest, APeerThatTellsOfNoSettingsIsOfAnotherVersion) {
  testing::CapturedLog log;
  kind_after(200, "another ring", "");
  EXPECT_THAT(log.take(), ElementsAre(HasSubstr("is of another version")));
}

}  // namespace
}  // namespace imageserver
