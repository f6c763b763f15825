// `format=auto`: the best format that each client takes.

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <set>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"

namespace imageserver::testing {
namespace {

constexpr const char* kChrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
constexpr const char* kOlder = "image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";

std::string accept(const std::string& value) { return "Accept: " + value + "\r\n"; }

class AutoFormats : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Reply get(std::string_view target, const std::string& fields = {}) {
    return node_->get(target, fields);
  }

  static Node& node() { return *node_; }

 private:
  static inline std::unique_ptr<Node> node_;
};

struct Case {
  std::string target;
  std::string accept;
  std::string format;

  friend std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << one.target << " for " << one.accept;
  }
};

class AutoFormat : public AutoFormats, public ::testing::WithParamInterface<Case> {};

TEST_P(AutoFormat, IsTheBestThatTheClientTakes) {
  const auto [target, header, format] = GetParam();
  for (int i = 0; i < 2; ++i) {  // miss and hit
    const Reply reply = get(target, accept(header));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.field("Content-Type"), "image/" + format);
    EXPECT_EQ(reply.field("Vary"), "Accept");
    EXPECT_EQ(decode(reply.body).format, format);
  }
}

constexpr const char* kPhoto = "/medium.jpg?width=64&format=auto";
constexpr const char* kAlpha = "/alpha.png?width=64&format=auto";
constexpr const char* kMoves = "/animated.gif?width=64&format=auto";

INSTANTIATE_TEST_SUITE_P(
    Table, AutoFormat,
    ::testing::Values(
        Case{kPhoto, kChrome, "avif"}, Case{kPhoto, kOlder, "webp"}, Case{kPhoto, "*/*", "jpeg"},
        Case{kPhoto, "image/*", "jpeg"}, Case{kPhoto, "text/html", "jpeg"},
        Case{kPhoto, "image/avif;q=0,image/webp", "webp"},
        Case{kPhoto, "image/avif;q=0.5,image/webp;q=0.9", "webp"},
        Case{kPhoto, "image/webp;q=0.9, image/avif ;q=1.0", "avif"},
        Case{kPhoto, "image/webp;q=0.5,image/jpeg", "jpeg"}, Case{kPhoto, "IMAGE/WEBP;Q=1", "webp"},
        Case{kPhoto, "image/webp;q=0,*/*", "jpeg"}, Case{kPhoto, "image/webp;q=2,;;,\"", "jpeg"},
        Case{kAlpha, kChrome, "avif"}, Case{kAlpha, kOlder, "webp"}, Case{kAlpha, "*/*", "png"},
        Case{kMoves, kChrome, "webp"}, Case{kMoves, "image/avif", "gif"},
        Case{kMoves, "*/*", "gif"},
        // Over two megapixels AVIF would take too long.
        Case{"/large.jpg?format=auto", kChrome, "webp"},
        Case{"/large.jpg?width=1990&format=auto", "image/avif", "jpeg"}));

TEST_F(AutoFormats, OtherWordsForTheSameAreOneEntry) {
  const std::string target = "/medium.jpg?width=65&format=auto";
  const auto items = [] { return node().counter("Caches/Main/Items"); };
  const auto before = items();
  for (const std::string header : {kChrome, "image/avif,image/webp", "image/webp,image/avif,*/*"}) {
    EXPECT_EQ(get(target, accept(header)).status, 200);
  }
  EXPECT_EQ(get(target, accept("image/avif") + accept("image/webp")).field("Content-Type"),
            "image/avif");
  EXPECT_EQ(items(), before + 1);
}

TEST_F(AutoFormats, EachRepresentationHasATagOfItsOwn) {
  std::set<std::string> tags;
  for (const std::string header : {kChrome, kOlder, "*/*"}) {
    const std::string tag = get(kPhoto, accept(header)).field("ETag");
    tags.insert(tag);
    const std::string condition = "If-None-Match: " + tag + "\r\n";
    const Reply same = get(kPhoto, accept(header) + condition);
    EXPECT_EQ(same.status, 304) << header;
    EXPECT_EQ(same.field("Vary"), "Accept") << header;
    EXPECT_EQ(get(kPhoto, accept("image/webp;q=0.1,image/jpeg") + condition).status,
              header == std::string("*/*") ? 304 : 200)
        << header;
  }
  EXPECT_EQ(tags.size(), 3U);
}

TEST_F(AutoFormats, AHeadIsAnsweredAsTheGet) {
  Client client(node().port());
  for (const std::string header : {kChrome, "*/*"}) {
    const Reply whole = client.get(kPhoto, accept(header));
    const Reply head = client.head(kPhoto, accept(header));
    EXPECT_EQ(head.status, 200);
    for (const char* field : {"Content-Type", "Content-Length", "ETag", "Vary"}) {
      EXPECT_EQ(head.field(field), whole.field(field)) << field;
    }
  }
}

TEST_F(AutoFormats, ErrorsVaryAsWell) {
  for (const auto& [target, status] :
       {std::pair("/missing.jpg?format=auto", 404), std::pair("/invalid.jpg?format=auto", 422),
        std::pair("/small.jpg?format=auto&width=-1", 400)}) {
    const Reply reply = get(target, accept(kChrome));
    EXPECT_EQ(reply.status, status) << target;
    EXPECT_EQ(reply.field("Vary"), "Accept") << target;
  }
}

TEST_F(AutoFormats, NothingElseVaries) {
  for (const std::string target : {"/small.jpg", "/small.jpg?width=20", "/small.jpg?format=webp",
                                   "/info/small.jpg", "/missing.jpg"}) {
    EXPECT_FALSE(get(target, accept(kChrome)).has("Vary")) << target;
  }
}

TEST(AutoFormatLimit, AvifIsForWhatIsSmallEnough) {
  const Node node({"--avif-auto-max-mp=0.01"});
  const auto format = [&](const std::string& size) {
    return decode(node.get("/medium.jpg?format=auto&" + size, accept(kChrome)).body).format;
  };
  EXPECT_EQ(format("width=100&height=100"), "avif");
  EXPECT_EQ(format("width=101&height=100"), "webp");
}

// Each kind of client gets its own representation, made once in the whole ring.
TEST(AutoFormatInARing, EveryNodeServesEveryKindOfClient) {
  NodeRing ring;
  std::set<std::string> tags;
  for (const auto& [header, format] :
       {std::pair(kChrome, "avif"), std::pair(kOlder, "webp"), std::pair("image/png", "jpeg")}) {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      const Reply reply = ring[node].get(kPhoto, accept(header));
      EXPECT_EQ(reply.field("Content-Type"), std::string("image/") + format) << node;
      EXPECT_EQ(reply.field("Vary"), "Accept") << node;
      tags.insert(reply.field("ETag"));
    }
  }
  EXPECT_EQ(tags.size(), 3U);
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 3U);
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
}

}  // namespace
}  // namespace imageserver::testing
