#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/ring.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct BadParam {
  std::string query;
  std::string name;  // of the parameter that the answer must name

  friend std::ostream& operator<<(std::ostream& out, const BadParam& bad) {
    return out << bad.query;
  }
};

class BadParams : public ::testing::TestWithParam<BadParam> {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static inline std::unique_ptr<Node> node_;
};

TEST_P(BadParams, AreRefusedAndLoadNothing) {
  const auto [query, name] = GetParam();
  const Reply reply = node_->get("/medium.jpg?" + query);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
  EXPECT_EQ(reply.body.find('\n'), reply.body.size() - 1) << "one line";
  EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  EXPECT_EQ(node_->counter("Group/Gets"), 0U);
  EXPECT_EQ(node_->counter("Group/Loads"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadParams,
    ::testing::Values(
        BadParam{"width=-1", "width"}, BadParam{"height=-1", "height"},
        BadParam{"width=8193", "width"}, BadParam{"height=8193", "height"},
        BadParam{"width=2147483648", "width"}, BadParam{"width=9223372036854775807", "width"},
        BadParam{"width=9223372036854775808", "width"}, BadParam{"width=abc", "width"},
        BadParam{"width=1.5", "width"}, BadParam{"width=0x10", "width"},
        BadParam{"width=%2010", "width"}, BadParam{"width=10%00", "width"},
        BadParam{"width=8000&height=8000", "width"}, BadParam{"mode=crop", "mode"},
        BadParam{"mode=FIT", "mode"}, BadParam{"mode=fit]%20source:small.jpg", "mode"},
        BadParam{"resampling=best", "resampling"}, BadParam{"format=heic", "format"},
        BadParam{"format=svg", "format"}, BadParam{"format=JPG", "format"},
        BadParam{"format=../x", "format"}, BadParam{"quality=0", "quality"},
        BadParam{"quality=101", "quality"}, BadParam{"quality=-1", "quality"},
        BadParam{"quality=high", "quality"}, BadParam{"mode=%0d%0aX-Injected:%201", "mode"}));

// What a value may be, in words that its parameter's answer must hold.
struct Rule {
  std::string query;
  std::string name;
  std::string rule;

  friend std::ostream& operator<<(std::ostream& out, const Rule& rule) { return out << rule.query; }
};

class Rules : public ::testing::TestWithParam<Rule> {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static inline std::unique_ptr<Node> node_;
};

TEST_P(Rules, AreNamedInTheErrorThatBreaksThem) {
  const auto [query, name, rule] = GetParam();
  const Reply reply = node_->get("/medium.jpg?" + query);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
  EXPECT_THAT(reply.body, HasSubstr(rule));
  EXPECT_EQ(node_->counter("Group/Loads"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Rules,
    ::testing::Values(
        Rule{"crop=1,1|2", "crop", "min_x,min_y|max_x,max_y"},
        Rule{"crop=9,9|2,2", "crop", "each maximum above its minimum"},
        Rule{"crop=all", "crop", "integers of 32 bits"},
        Rule{"rotation=round", "rotation", "must be a decimal number"},
        Rule{"rotation=NaN", "rotation", "must be a decimal number"},
        Rule{"background=blue", "background", "aarrggbb"},
        Rule{"background=%2300ff00", "background", "hexadecimal"},
        Rule{"interpolation=lanczos", "interpolation", "nearest_neighbor, linear, cubic"},
        Rule{"gamma_correction=2", "gamma_correction", "true or false"},
        Rule{"mode=zoom", "mode", "fit, fill, pad, inside, cover"},
        Rule{"enlarge=no", "enlarge", "true or false"}, Rule{"gravity=middle", "gravity", "center"},
        Rule{"gravity=fp:2,0", "gravity", "fp:"}, Rule{"dpr=9", "dpr", "between 0.1 and 8"},
        Rule{"dpr=0", "dpr", "between 0.1 and 8"}, Rule{"trim=300", "trim", "between 0 and 255"},
        Rule{"flip=both", "flip", "h, v, hv"}, Rule{"orient=up", "orient", "true or false"},
        Rule{"page=-1", "page", "between 0 and"}, Rule{"frames=0", "frames", "between 1 and"},
        Rule{"blur=101", "blur", "between 0 and 100"},
        Rule{"sharpen=11", "sharpen", "between 0 and 10"},
        Rule{"pixelate=1025", "pixelate", "between 0 and 1024"},
        Rule{"grayscale=maybe", "grayscale", "true or false"},
        Rule{"brightness=101", "brightness", "between -100 and 100"},
        Rule{"contrast=-101", "contrast", "between -100 and 100"},
        Rule{"saturation=1.5", "saturation", "must be an integer"},
        Rule{"tint=red", "tint", "hexadecimal"},
        Rule{"watermark=a/b", "watermark", "letters, digits"},
        Rule{"watermark=..", "watermark", "not begin with ."},
        Rule{"watermark=a.png&watermark_gravity=smart", "watermark_gravity", "center"},
        Rule{"watermark=a.png&watermark_opacity=2", "watermark_opacity", "between 0 and 1"},
        Rule{"watermark=a.png&watermark_scale=2", "watermark_scale", "between 0 and 1"},
        Rule{"radius=-1", "radius", "between 0 and 8192"},
        Rule{"format=psd", "format", "jpeg, png, gif, webp, avif, tiff, bmp, auto"},
        Rule{"quality=best", "quality", "must be between 1 and 100, or auto"},
        Rule{"max_bytes=0", "max_bytes", "between 1 and"},
        Rule{"colors=1", "colors", "between 2 and 256"},
        Rule{"lossless=x", "lossless", "true or false"},
        Rule{"progressive=x", "progressive", "true or false"},
        Rule{"strip=all", "strip", "true or false"},
        Rule{"preset=thumb", "preset", "this server has no presets (--presets)"}));

// What only the picture tells.
class RulesOfThePicture : public Rules {};

TEST_P(RulesOfThePicture, AreToldOnceItIsKnown) {
  const auto [target, name, rule] = GetParam();
  const Reply reply = node_->get(target);
  EXPECT_EQ(reply.status, 400) << reply.body;
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
  EXPECT_THAT(reply.body, HasSubstr(rule));
}

INSTANTIATE_TEST_SUITE_P(Table, RulesOfThePicture,
                         ::testing::Values(Rule{"/small.jpg?crop=216,0|300,10", "crop", "216x320"},
                                           Rule{"/small.jpg?crop=5,5|5,9", "crop", "must"},
                                           Rule{"/small.jpg?page=1", "page", "which is 1"},
                                           Rule{"/animated.gif?page=12", "page", "which is 12"},
                                           Rule{"/small.jpg?watermark=logo.png", "watermark",
                                                "this server has no watermarks"},
                                           Rule{"/small.jpg?width=8000&height=4000&format=avif",
                                                "format", "16 megapixels"}));

class OversizedResults : public BadParams {};

// Only its header tells that the other side would be too long: it is read, and nothing is decoded.
TEST_P(OversizedResults, AreRefusedOnceTheOtherSideIsKnown) {
  const auto [target, name] = GetParam();
  const Reply reply = node_->get(target);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
}

INSTANTIATE_TEST_SUITE_P(Table, OversizedResults,
                         ::testing::Values(BadParam{"/small.jpg?width=8192", "width"},
                                           BadParam{"/medium.jpg?height=8192", "height"},
                                           BadParam{"/huge.jpg?width=6400", "width"},
                                           BadParam{"/animated.gif?width=2200", "width"}));

TEST(IgnoredParams, AreNamedByWhoeverAnswers) {
  NodeRing ring;
  const std::string target = ring.target_of(0, "/small.jpg?w=100&h=50");
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    Client client(ring[node].port());
    EXPECT_EQ(client.get(target).field("X-Imageserver-Ignored"), "w, h") << "a miss";
    const Reply hit = client.get(target);
    EXPECT_EQ(hit.field("X-Imageserver-Ignored"), "w, h");
    const Reply same = client.get(target, "If-None-Match: " + hit.field("ETag") + "\r\n");
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.field("X-Imageserver-Ignored"), "w, h");
    EXPECT_EQ(client.head(target).field("X-Imageserver-Ignored"), "w, h");
    EXPECT_EQ(client.get("/info/small.jpg?w").field("X-Imageserver-Ignored"), "w");
    EXPECT_FALSE(client.get("/small.jpg?width=10").has("X-Imageserver-Ignored"));
  }
}

TEST(GoodParams, AreThoseThatGoLetsPass) {
  const Node node;
  for (const std::string query :
       {"width=0", "width=&height=", "width=10&width=-1", "unknown=1", "WIDTH=-1", "width=%2B10",
        "mode=fit", "mode=fill&width=10", "quality=1", "quality=100", "format=jpg", "?", "&&=&",
        "width=8192&height=1", "resampling=nearest_neighbor&width=9"}) {
    EXPECT_EQ(node.get("/small.jpg?" + query).status, 200) << query;
  }
}

}  // namespace
}  // namespace imageserver::testing
