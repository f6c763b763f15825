// What comes out, by size and format.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"

namespace imageserver::testing {
namespace {

class Pictures : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Reply get(std::string_view target) { return node_->get(target); }

  static Picture picture(std::string_view target) {
    const Reply reply = get(target);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
    return decode(reply.body);
  }

 private:
  static inline std::unique_ptr<Node> node_;
};

TEST_F(Pictures, OriginalsAreServedAsTheyAre) {
  for (const std::string name :
       {"small.jpg", "huge.jpg", "copyright.jpg", "cmyk.jpg", "orientation-6.jpg", "alpha.png",
        "sixteen.png", "animated.gif", "frames250.gif", "animated.webp", "still.webp"}) {
    EXPECT_TRUE(get("/" + name).body == testdata(name)) << name;
  }
  EXPECT_TRUE(get("/small.jpg?width=0&height=0&format=jpg&mode=fit").body == testdata("small.jpg"));
}

TEST_F(Pictures, TheSizeAsked) {
  EXPECT_EQ(picture("/medium.jpg?width=100"), (Picture{"jpeg", 100, 80}));
  EXPECT_EQ(picture("/medium.jpg?height=50"), (Picture{"jpeg", 63, 50}));
  EXPECT_EQ(picture("/small.jpg?width=100&height=50"), (Picture{"jpeg", 100, 50}));
  EXPECT_EQ(picture("/small.jpg?width=100&height=50&mode=fit"), (Picture{"jpeg", 34, 50}));
  EXPECT_EQ(picture("/small.jpg?width=100&height=50&mode=fill"), (Picture{"jpeg", 100, 50}));
  EXPECT_EQ(picture("/small.jpg?width=400"), (Picture{"jpeg", 400, 593}));
  EXPECT_EQ(picture("/huge.jpg?width=1"), (Picture{"jpeg", 1, 1}));
  EXPECT_EQ(picture("/orientation-6.jpg?width=180"), (Picture{"jpeg", 180, 120}));
}

TEST_F(Pictures, EveryFormatFromEveryFormat) {
  for (const std::string source :
       {"small.jpg", "alpha.png", "disposal.gif", "still.webp", "cmyk.jpg", "sixteen.png",
        "grey.jpg", "palette.png", "progressive.jpg", "p3.jpg"}) {
    for (const std::string format : {"jpeg", "png", "gif", "webp"}) {
      const std::string target = "/" + source + "?width=24&format=" + format;
      const Reply reply = get(target);
      EXPECT_EQ(reply.field("Content-Type"), "image/" + format) << target;
      const Picture made = decode(reply.body);
      EXPECT_EQ(made.format, format) << target;
      EXPECT_EQ(made.width, 24) << target;
    }
  }
}

TEST_F(Pictures, QualityCounts) {
  EXPECT_LT(get("/medium.jpg?width=300&quality=20").body.size(),
            get("/medium.jpg?width=300&quality=95").body.size());
}

TEST_F(Pictures, AnimationsKeepTheirFrames) {
  EXPECT_EQ(picture("/animated.gif?width=50"), (Picture{"gif", 50, 38, 12}));
  EXPECT_EQ(picture("/animated.gif?width=50&format=webp"), (Picture{"webp", 50, 38, 12}));
  EXPECT_EQ(picture("/animated.webp?width=60"), (Picture{"webp", 60, 45, 8}));
  EXPECT_EQ(picture("/animated.gif?width=50&format=png"), (Picture{"png", 50, 38, 1}));
  EXPECT_FALSE(get("/animated.gif?width=50").has("X-Imageserver-Frames")) << "all of them";
}

TEST_F(Pictures, OverAHundredFramesTheFirstHundred) {
  for (int i = 0; i < 2; ++i) {  // miss and hit
    const Reply reply = get("/frames250.gif?width=8");
    EXPECT_EQ(reply.field("X-Imageserver-Frames"), "100/250");
    EXPECT_EQ(decode(reply.body), (Picture{"gif", 8, 8, 100}));
  }
}

TEST(PicturesOfPeers, TheCountOfFramesTravels) {
  NodeRing ring;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < NodeRing::kNodes; ++i) {
      const Reply reply = ring[i].get("/frames250.gif?width=8");
      EXPECT_EQ(reply.field("X-Imageserver-Frames"), "100/250") << i;
      EXPECT_EQ(decode(reply.body).frames, 100) << i;
    }
  }
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 1U);
}

}  // namespace
}  // namespace imageserver::testing
