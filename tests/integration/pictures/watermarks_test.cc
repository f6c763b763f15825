// Pictures laid on pictures, from a directory of their own.

#include <gtest/gtest.h>

#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

constexpr const char* kNone = "invalid param \"watermark\": there is no such watermark\n";

class Watermarks : public ::testing::Test {
 protected:
  Watermarks() {
    directory_.write("logo.png", testdata("alpha.png"));
    directory_.write("notes.txt", "no picture");
    directory_.write(".hidden", testdata("alpha.png"));
    directory_.write("folder/logo.png", testdata("alpha.png"));
  }

  [[nodiscard]] std::string flag() const { return "--watermarks=" + directory_.path().string(); }

  const TemporaryDirectory directory_;
};

TEST_F(Watermarks, AreLaidOnThePicture) {
  const Node node({flag()});
  const std::string plain = node.get("/small.jpg?width=100").body;
  const Reply marked = node.get("/small.jpg?width=100&watermark=logo.png&watermark_scale=0.3");
  ASSERT_EQ(marked.status, 200) << marked.body;
  EXPECT_EQ(decode(marked.body), (Picture{"jpeg", 100, 148}));
  EXPECT_NE(marked.body, plain);
  const Reply corner = node.get(
      "/small.jpg?width=100&watermark=logo.png&watermark_scale=0.3"
      "&watermark_gravity=southeast");
  EXPECT_EQ(corner.status, 200);
  EXPECT_NE(corner.body, marked.body);
}

TEST_F(Watermarks, AreFilesOfThatDirectoryAndOfNoOther) {
  const Node node({flag()});
  const Reply missing = node.get("/small.jpg?watermark=other.png");
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(missing.body, kNone);
  for (const std::string name : {"folder", "small.jpg"}) {
    EXPECT_EQ(node.get("/small.jpg?watermark=" + name).body, kNone) << name;
  }
  for (const std::string name :
       {"..", ".hidden", "folder/logo.png", "%2fetc%2fpasswd", "http://localhost/logo.png"}) {
    EXPECT_EQ(node.get("/small.jpg?watermark=" + name).status, 400) << name;
  }
  EXPECT_EQ(node.get("/missing.jpg?watermark=other.png").status, 404);
  EXPECT_EQ(node.get("/logo.png").status, 404) << "nor are they pictures";
}

TEST_F(Watermarks, OneThatIsNoPictureIsOurFault) {
  const Node node({flag()});
  const Reply reply = node.get("/small.jpg?watermark=notes.txt");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, "the watermark cannot be read\n");
}

TEST_F(Watermarks, WithoutADirectoryThereAreNone) {
  const Node node;
  const Reply reply = node.get("/small.jpg?watermark=logo.png");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body,
            "invalid param \"watermark\": this server has no watermarks (--watermarks)\n");
}

TEST_F(Watermarks, AreLaidOnOnceInTheWholeRing) {
  NodeRing ring({flag()});
  const std::string target = "/small.jpg?width=90&watermark=logo.png";
  const std::string first = ring[0].get(target).body;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(ring[node].get(target).body == first) << node;
  }
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 1U);
}

}  // namespace
}  // namespace imageserver::testing
