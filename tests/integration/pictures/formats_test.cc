// The formats beside JPEG, PNG, GIF and WebP: what is read, and what comes out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;

class Formats : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Reply get(std::string_view target) { return node_->get(target); }

 private:
  static inline std::unique_ptr<Node> node_;
};

TEST_F(Formats, OriginalsAreServedAsTheyAre) {
  for (const std::string format : {"avif", "tiff", "bmp"}) {
    const Reply reply = get("/small." + format);
    EXPECT_TRUE(reply.body == testdata("small." + format)) << format;
    EXPECT_EQ(reply.field("Content-Type"), "image/" + format);
  }
}

TEST_F(Formats, EachFormatIsMadeOfEachOther) {
  for (const std::string source :
       {"small.avif", "small.heic", "small.tiff", "small.bmp", "alpha.png", "animated.gif"}) {
    for (const std::string format : {"jpeg", "png", "gif", "webp", "avif", "tiff", "bmp"}) {
      const std::string target = "/" + source + "?width=24&page=0&format=" + format;
      const Reply reply = get(target);
      ASSERT_EQ(reply.status, 200) << target << ": " << reply.body;
      EXPECT_EQ(reply.field("Content-Type"), "image/" + format) << target;
      const Picture made = decode(reply.body);
      EXPECT_EQ(made.format, format) << target;
      EXPECT_EQ(made.width, 24) << target;
    }
  }
}

TEST_F(Formats, OriginalsKeepTheirOwnFormat) {
  for (const std::string format : {"avif", "tiff", "bmp"}) {
    EXPECT_EQ(decode(get("/small." + format + "?width=32").body), (Picture{format, 32, 24}));
  }
}

// Browsers do not show it.
TEST_F(Formats, HeicComesOutAsJpeg) {
  const Reply whole = get("/small.heic");
  EXPECT_EQ(whole.field("Content-Type"), "image/jpeg");
  EXPECT_EQ(decode(whole.body), (Picture{"jpeg", 64, 48}));
  EXPECT_EQ(decode(get("/small.heic?width=32").body), (Picture{"jpeg", 32, 24}));
  EXPECT_EQ(get("/small.heic?format=heic").status, 400);
}

// Files whose readers are not made for strangers' files.
class UntrustedFormats : public ::testing::Test {
 protected:
  UntrustedFormats() {
    directory_.write("a.svg", testdata("picture.svg"));
    directory_.write("a.pdf",
                     "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                     "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                     "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]>>endobj\n"
                     "trailer<</Root 1 0 R>>\n%%EOF\n");
    directory_.write("a.jxl", converted(testdata("small.bmp"), ".jxl"));
  }

  [[nodiscard]] Flags flags(const std::string& allowed) const {
    return {"--source=" + directory_.path().string(), "--untrusted-formats=" + allowed};
  }

  static void expect_refused(const Node& node, const std::string& target) {
    const Reply reply = node.get(target);
    EXPECT_EQ(reply.status, 422) << target;
    EXPECT_THAT(reply.body, HasSubstr("not a picture in a format we read")) << target;
  }

  const TemporaryDirectory directory_;
};

TEST_F(UntrustedFormats, AreRefusedUnlessTheyAreAllowed) {
  const Node node(flags(""));
  for (const std::string file : {"a.svg", "a.pdf", "a.jxl"}) {
    expect_refused(node, "/" + file);
    expect_refused(node, "/" + file + "?width=20&format=png");
    expect_refused(node, "/info/" + file);
  }
}

TEST_F(UntrustedFormats, AreReadOneByOne) {
  const Node node(flags("svg"));
  EXPECT_EQ(decode(node.get("/a.svg").body), (Picture{"png", 120, 80}));
  expect_refused(node, "/a.pdf");
  expect_refused(node, "/a.jxl");
}

TEST_F(UntrustedFormats, AreNeverPassedThrough) {
  const Node node(flags("svg,pdf,jxl"));
  EXPECT_EQ(decode(node.get("/a.svg?width=60").body), (Picture{"png", 60, 40}));
  EXPECT_EQ(decode(node.get("/a.svg?format=jpeg").body), (Picture{"jpeg", 120, 80}));
  EXPECT_EQ(decode(node.get("/a.jxl").body), (Picture{"jpeg", 64, 48}));
  const Picture page = decode(node.get("/a.pdf").body);
  EXPECT_EQ(page.width, 2 * page.height);
  EXPECT_EQ(node.get("/a.svg").field("Content-Type"), "image/png");
  for (const std::string format : {"svg", "pdf", "jxl"}) {
    const Reply info = node.get("/info/a." + format);
    EXPECT_THAT(info.body, HasSubstr("\"Format\": \"" + format + "\"")) << info.body;
  }
}

}  // namespace
}  // namespace imageserver::testing
