// What `/info/` says of originals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/port.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::MatchesRegex;
using Json = nlohmann::ordered_json;

struct Sample {
  std::string name;
  std::string format;
  int width = 0;
  int height = 0;
  int frames = 1;
  bool alpha = false;
  int orientation = 1;
  Json profile = nullptr;

  friend std::ostream& operator<<(std::ostream& out, const Sample& sample) {
    return out << sample.name;
  }
};

class Info : public ::testing::TestWithParam<Sample> {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Reply get(std::string_view target, std::string_view fields = {}) {
    return node_->get(target, fields);
  }

  static Node& node() { return *node_; }

 private:
  static inline std::unique_ptr<Node> node_;
};

TEST_P(Info, TellsWhatAPictureIs) {
  const Sample& sample = GetParam();
  const Reply reply = get("/info/" + sample.name);
  ASSERT_EQ(reply.status, 200) << reply.body;
  Json json = Json::parse(reply.body);
  // 4 x 3 components, as many characters for each shape.
  EXPECT_THAT(json.at("BlurHash").get<std::string>(), MatchesRegex("[LT].{27}"));
  EXPECT_THAT(json.at("DominantColor").get<std::string>(), MatchesRegex("#[0-9a-f]{6}"));
  json.erase("BlurHash");
  json.erase("DominantColor");
  const Json expected = {{"Format", sample.format},
                         {"Bytes", testdata(sample.name).size()},
                         {"Width", sample.width},
                         {"Height", sample.height},
                         {"Orientation", sample.orientation},
                         {"Frames", sample.frames},
                         {"Alpha", sample.alpha},
                         {"Profile", sample.profile}};
  EXPECT_EQ(json.dump(2), expected.dump(2));
}

INSTANTIATE_TEST_SUITE_P(
    Samples, Info,
    ::testing::Values(
        Sample{"small.jpg", "jpeg", 216, 320}, Sample{"medium.jpg", "jpeg", 1024, 819},
        Sample{"huge.jpg", "jpeg", 5000, 5000}, Sample{"grey.jpg", "jpeg", 480, 320},
        Sample{"cmyk.jpg", "jpeg", 480, 384}, Sample{"progressive.jpg", "jpeg", 400, 600},
        Sample{"p3.jpg", "jpeg", 600, 400, 1, false, 1, "Display P3"},
        Sample{"copyright.jpg", "jpeg", 480, 320},
        Sample{"orientation-1.jpg", "jpeg", 360, 240, 1, false, 1},
        Sample{"orientation-3.jpg", "jpeg", 360, 240, 1, false, 3},
        Sample{"orientation-6.jpg", "jpeg", 360, 240, 1, false, 6},
        Sample{"orientation-8.jpg", "jpeg", 360, 240, 1, false, 8},
        Sample{"alpha.png", "png", 256, 256, 1, true}, Sample{"sixteen.png", "png", 320, 240},
        Sample{"grey.png", "png", 216, 320}, Sample{"palette.png", "png", 360, 240},
        Sample{"animated.gif", "gif", 200, 150, 12, true},
        Sample{"frames250.gif", "gif", 16, 16, 250},
        Sample{"animated.webp", "webp", 240, 180, 8, true}, Sample{"still.webp", "webp", 400, 600},
        Sample{"small.avif", "avif", 64, 48}, Sample{"small.heic", "heic", 64, 48},
        Sample{"small.tiff", "tiff", 64, 48}, Sample{"small.bmp", "bmp", 64, 48}));

TEST_F(Info, IsJsonInAFixedOrder) {
  const Reply reply = get("/info/small.jpg");
  EXPECT_EQ(reply.field("Content-Type"), "application/json");
  EXPECT_EQ(reply.field("Cache-Control"), "public, max-age=600");
  EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(reply.body.starts_with("{\n\t\"Format\": \"jpeg\",\n\t\"Bytes\": ")) << reply.body;
}

TEST_F(Info, IsWhatReadmeShows) {
  std::ostringstream readme;
  readme << std::ifstream(IMAGESERVER_README).rdbuf();
  const std::string text = readme.str();
  const std::string_view begin = "`/info/p3.jpg`:\n\n```json\n";
  const std::size_t from = text.find(begin);
  ASSERT_NE(from, std::string::npos);
  const std::string shown = text.substr(from + begin.size());
  EXPECT_EQ(get("/info/p3.jpg").body, shown.substr(0, shown.find("```")));
}

TEST_F(Info, PathsAreThoseOfPictures) {
  EXPECT_EQ(get("/info/%E5%9C%96.jpg").status, 200);
  EXPECT_EQ(get("/info/sub/dir%20name/picture.jpg?width=-1").status, 200) << "no query counts";
  EXPECT_EQ(get("/info/medium.jpg").status, 200);
  for (const std::string missing : {"/info", "/info/", "/info/missing.jpg", "/info/../small.jpg",
                                    "/info//small.jpg", "/info/sub", "/info/info/small.jpg"}) {
    EXPECT_EQ(get(missing).status, 404) << missing;
  }
  EXPECT_EQ(get("/info/%zz").status, 400);
}

TEST_F(Info, AFileThatIsNoPictureIsRefusedAsAPictureIs) {
  for (const std::string name :
       {"bomb.jpg", "bomb.png", "bomb.gif", "bomb.webp", "invalid.jpg", "empty.jpg", "notes.txt",
        "picture.svg", "truncated.jpg", "truncated.png"}) {
    const Reply info = get("/info/" + name);
    EXPECT_EQ(info.status, 422) << name << ": " << info.body;
    EXPECT_EQ(info.body, get("/" + name + "?width=30").body) << name;
    EXPECT_EQ(info.field("Cache-Control"), "no-store") << name;
  }
}

TEST_F(Info, AClientThatHasItGetsA304) {
  const std::string tag = get("/info/small.jpg").field("ETag");
  EXPECT_THAT(tag, MatchesRegex("\"[0-9a-f]{32}\""));
  const Reply same = get("/info/small.jpg", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.field("ETag"), tag);
  EXPECT_EQ(get("/info/medium.jpg", "If-None-Match: " + tag + "\r\n").status, 200);
  Client client(node().port());
  const Reply head = client.head("/info/small.jpg");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("ETag"), tag);
}

TEST_F(Info, CountsNothingAndKeepsNothing) {
  const std::string before = get("/stats").body;
  EXPECT_EQ(get("/info/large.jpg").status, 200);
  EXPECT_EQ(get("/info/missing.jpg").status, 404);
  EXPECT_EQ(get("/stats").body, before);
}

TEST(InfoInARing, IsMadeOnceHoweverOftenAndWhereverItIsAsked) {
  const TemporaryDirectory directory;
  directory.write("a.jpg", testdata("medium.jpg"));
  NodeRing ring({"--source=" + directory.path().string(), "--source-ttl=1h"});
  const std::string stats = ring[0].get("/stats").body;
  const Reply first = ring[0].get("/info/a.jpg");
  EXPECT_EQ(first.status, 200);
  // A node that made it anew would see another file now.
  directory.write("a.jpg", testdata("alpha.png"));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get("/info/a.jpg").body, first.body) << node;
  }
  EXPECT_EQ(ring[0].get("/stats").body, stats) << "no counter counts it";
}

TEST(InfoInAGoRing, IsMadeByEachNodeForItself) {
  const TemporaryDirectory directory;
  directory.write("a.jpg", testdata("medium.jpg"));
  NodeRing ring(
      {"--source=" + directory.path().string(), "--groupcache-ring=go", "--source-ttl=1h"});
  EXPECT_EQ(Json::parse(ring[0].get("/info/a.jpg").body).at("Format"), "jpeg");
  directory.write("a.jpg", testdata("alpha.png"));
  EXPECT_EQ(Json::parse(ring[0].get("/info/a.jpg").body).at("Format"), "jpeg") << "for a minute";
  EXPECT_EQ(Json::parse(ring[1].get("/info/a.jpg").body).at("Format"), "png");
}

TEST(InfoForTheWorld, IsNotOnTheRingsAddress) {
  const Port ring;
  const Node node({"--groupcache-listen=" + ring.address()});
  EXPECT_EQ(node.get("/info/small.jpg").status, 200);
  EXPECT_EQ(get(ring.number(), "/info/small.jpg").status, 404);
}

}  // namespace
}  // namespace imageserver::testing
