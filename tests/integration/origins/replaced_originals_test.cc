// Originals that are replaced on an origin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "integration/harness/versioned_origin.h"
#include "integration/origins/flags.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using std::chrono::seconds;
using ::testing::StartsWith;

constexpr std::string_view kSecret = "a secret that all nodes of the ring share";

class ReplacedOriginals : public ::testing::Test {
 protected:
  [[nodiscard]] Flags flags(const Flags& more = {}) const {
    Flags all = with_photos_at(origin_.url(), {"--groupcache-secret-file=" + secret_});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  [[nodiscard]] static std::string sized(int width) {
    return "/photos/a.jpg?width=" + std::to_string(width);
  }

  static void wait(milliseconds time) { std::this_thread::sleep_for(time); }

  // Whether the node comes to answer with the picture of that file, asked all the time.
  static bool comes_to_give(const Node& node, const std::string& file) {
    const std::string expected = node.get("/" + file + "?width=50").body;
    return eventually([&] { return node.get(sized(50)).body == expected; });
  }

  const TemporaryDirectory directory_;
  const std::string secret_ = directory_.write("secret", kSecret).string();
  VersionedOrigin origin_;
};

TEST_F(ReplacedOriginals, AreSeenNewOnAllNodesAfterTheTtlAndOneLook) {
  NodeRing ring(flags({"--source-ttl=4s"}));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    for (const int width : {50, 60, 70}) EXPECT_EQ(ring[node].get(sized(width)).status, 200);
  }
  EXPECT_EQ(origin_.answers(), 1);
  origin_.put(testdata("medium.jpg"));
  wait(milliseconds(4'100));
  EXPECT_EQ(ring[0].get(sized(50)).status, 200);  // this one may be old
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(comes_to_give(ring[node], "medium.jpg"));
  }
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(ring[node].get(sized(60)).body == ring[node].get("/medium.jpg?width=60").body);
  }
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
}

TEST_F(ReplacedOriginals, AreFetchedOnceForAllSizes) {
  const Node node(flags({"--source-ttl=4s", "--stale=1h"}));
  for (int width = 50; width < 70; ++width) EXPECT_EQ(node.get(sized(width)).status, 200);
  EXPECT_EQ(origin_.answers(), 1);
  origin_.put(testdata("medium.jpg"));
  wait(milliseconds(4'100));
  for (int width = 50; width < 70; ++width) EXPECT_EQ(node.get(sized(width)).status, 200);
  EXPECT_TRUE(comes_to_give(node, "medium.jpg"));
  for (int width = 50; width < 70; ++width) {
    const std::string expected = node.get("/medium.jpg?width=" + std::to_string(width)).body;
    EXPECT_TRUE(node.get(sized(width)).body == expected) << width;
  }
  EXPECT_EQ(origin_.answers() - origin_.unchanged(), 2) << "each version once";
}

TEST_F(ReplacedOriginals, ThatAreUnchangedCostOneConditionalRequest) {
  const Node node(flags({"--source-ttl=4s"}));
  const Reply first = node.get(sized(50));
  EXPECT_EQ(first.field("Cache-Status"), "imageserver; fwd=uri-miss");
  for (int width = 51; width < 60; ++width) EXPECT_EQ(node.get(sized(width)).status, 200);
  wait(milliseconds(4'100));
  for (int width = 50; width < 60; ++width) EXPECT_EQ(node.get(sized(width)).status, 200);
  EXPECT_TRUE(eventually([&] { return origin_.unchanged() == 1; }));
  EXPECT_TRUE(
      eventually([&] { return node.get(sized(50)).field("Cache-Status") == "imageserver; hit"; }));
  EXPECT_EQ(origin_.answers(), 2);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 10U);
}

// The first answer past the ttl does not wait for the origin.
TEST_F(ReplacedOriginals, AreServedOldWhileTheOriginIsAsked) {
  const Node node(flags({"--source-ttl=1s"}));
  EXPECT_EQ(node.get(sized(50)).status, 200);
  wait(milliseconds(2'100));
  const Reply stale = node.get(sized(50));
  EXPECT_EQ(stale.status, 200);
  EXPECT_THAT(stale.field("Cache-Status"), StartsWith("imageserver; hit; ttl=-"));
  EXPECT_EQ(stale.field("Cache-Control"), "public, max-age=1");
}

TEST_F(ReplacedOriginals, AreServedOldWhileTheOriginFails) {
  NodeRing ring(flags({"--source-ttl=500ms"}));
  std::string old;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) old = ring[node].get(sized(50)).body;
  origin_.fail(500);
  const auto begun = Clock::now();
  const int before = origin_.answers();
  for (int i = 0; i < 3; ++i) {
    wait(milliseconds(1'000));
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      const Reply reply = ring[node].get(sized(50));
      EXPECT_EQ(reply.status, 200) << reply.body;
      EXPECT_TRUE(reply.body == old);
      EXPECT_EQ(reply.field("Cache-Control"), "public, max-age=1") << node;
    }
  }
  const auto took = std::chrono::ceil<seconds>(Clock::now() - begun);
  EXPECT_LE(origin_.answers() - before, took.count() + 1) << "it is asked once a second at most";
  origin_.put(testdata("medium.jpg"));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(comes_to_give(ring[node], "medium.jpg"));
  }
}

TEST_F(ReplacedOriginals, AreNotServedOldForLongerThanTheFlagSays) {
  const Node node(flags({"--source-ttl=500ms", "--stale=4s"}));
  EXPECT_EQ(node.get(sized(50)).status, 200);
  origin_.fail(500);
  wait(milliseconds(700));
  EXPECT_EQ(node.get(sized(50)).status, 200);
  wait(milliseconds(4'500));
  EXPECT_TRUE(eventually([&] { return node.get(sized(50)).status == 502; }));
  origin_.recover();
  EXPECT_TRUE(eventually([&] { return node.get(sized(50)).status == 200; }));
}

TEST_F(ReplacedOriginals, ThatAreGoneAreGoneEverywhere) {
  NodeRing ring(flags({"--source-ttl=500ms", "--negative-ttl=0s"}));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get(sized(50)).status, 200);
  }
  origin_.fail(404);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(eventually([&] { return ring[node].get(sized(50)).status == 404; })) << node;
  }
  origin_.recover();
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(eventually([&] { return ring[node].get(sized(50)).status == 200; })) << node;
  }
}

// An upload that was not done yet.
TEST_F(ReplacedOriginals, ThatWereNoPictureForAWhileAreOneAgain) {
  const Node node(flags({"--source-ttl=500ms", "--negative-ttl=1s"}));
  EXPECT_EQ(node.get(sized(50)).status, 200);
  origin_.put("half of");
  EXPECT_TRUE(eventually([&] { return node.get(sized(50)).status == 422; }));
  origin_.put(testdata("medium.jpg"));
  EXPECT_TRUE(comes_to_give(node, "medium.jpg"));
}

TEST_F(ReplacedOriginals, AreSeenInTheirDescriptionAndAsWatermarks) {
  const Node node(flags({"--source-ttl=500ms", "--watermarks=" + origin_.url()}));
  const std::string marked = "/medium.jpg?width=100&watermark=a.jpg";
  const std::string description = node.get("/info/photos/a.jpg").body;
  const std::string before = node.get(marked).body;
  EXPECT_EQ(description, node.get("/info/small.jpg").body);
  origin_.put(testdata("large.jpg"));
  const std::string expected = node.get("/info/large.jpg").body;
  EXPECT_TRUE(eventually([&] { return node.get("/info/photos/a.jpg").body == expected; }));
  EXPECT_TRUE(eventually([&] {
    const Reply reply = node.get(marked);
    return reply.status == 200 && reply.body != before;
  }));
}

TEST_F(ReplacedOriginals, AStandInLooksForItself) {
  NodeRing ring(flags({"--source-ttl=500ms"}));
  const std::size_t owner = ring.owner_of_original(origin_.url() + "/a.jpg");
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get(sized(50)).status, 200);
  }
  ring[owner].kill();
  origin_.put(testdata("medium.jpg"));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    if (node == owner) continue;
    EXPECT_TRUE(comes_to_give(ring[node], "medium.jpg")) << node;
  }
  ring.restart(owner);
  origin_.put(testdata("large.jpg"));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(comes_to_give(ring[node], "large.jpg")) << node;
  }
}

TEST_F(ReplacedOriginals, AreAskedForAsTheirOriginSays) {
  origin_.put(testdata("small.jpg"), "Cache-Control: max-age=1\r\n");
  const Node node(flags({"--source-respect-cache-control"}));
  EXPECT_TRUE(comes_to_give(node, "small.jpg"));
  origin_.put(testdata("medium.jpg"), "Cache-Control: no-cache\r\n");
  wait(milliseconds(1'100));
  EXPECT_TRUE(comes_to_give(node, "medium.jpg"));
  origin_.put(testdata("large.jpg"), "Cache-Control: no-cache\r\n");
  wait(milliseconds(1'100));
  const std::string expected = node.get("/large.jpg?width=50").body;
  EXPECT_TRUE(node.get(sized(50)).body == expected) << "what may not be stale is looked at first";
}

}  // namespace
}  // namespace imageserver::testing
