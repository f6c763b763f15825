// Files that are broken, hostile, or no pictures.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"
#include "support/file_rights.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

class BadFiles : public ::testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Node& node() { return *node_; }

  static void expect_refused(const std::string& target) {
    const Reply reply = node().get(target);
    EXPECT_EQ(reply.status, 422) << target;
    EXPECT_EQ(reply.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply.field("Cache-Control"), "no-store");
    EXPECT_EQ(reply.body.find('\n'), reply.body.size() - 1) << "one line: " << reply.body;
    EXPECT_EQ(reply.body.find("vips"), std::string::npos) << reply.body;
    EXPECT_EQ(reply.body.find("testdata"), std::string::npos) << reply.body;
  }

  static void expect_alive() {
    static int width = 0;  // a cold key every time
    const std::string target = "/small.jpg?width=" + std::to_string(++width);
    EXPECT_EQ(decode(node().get(target).body).width, width);
  }

 private:
  static inline std::unique_ptr<Node> node_;
};

using Unreadable = BadFiles;

TEST_P(Unreadable, IsRefusedWhateverIsAsked) {
  for (const char* query : {"", "?width=50", "?format=png", "?quality=50", "?format=gif&width=9"}) {
    expect_refused("/" + GetParam() + query);
  }
  expect_alive();
}

INSTANTIATE_TEST_SUITE_P(Files, Unreadable,
                         ::testing::Values("bomb.jpg", "bomb.png", "bomb.gif", "bomb.webp",
                                           "invalid.jpg", "empty.jpg", "picture.svg", "notes.txt"));

// Cut off in the middle; the header tells size and frames all the same.
using Truncated = BadFiles;

TEST_P(Truncated, IsRefusedWhenItMustBeDecoded) {
  expect_refused("/" + GetParam() + "?width=100");
  expect_refused("/" + GetParam() + "?format=png&width=90");
  expect_alive();
}

TEST_P(Truncated, IsPassedOnAsItIsWhenNothingIsAsked) {
  const Reply reply = node().get("/" + GetParam());
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body == testdata(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Files, Truncated,
                         ::testing::Values("truncated.jpg", "truncated.png", "truncated.gif"));

// libwebp tells nothing of a WebP that is not whole, so its limits cannot be checked.
INSTANTIATE_TEST_SUITE_P(Webp, Unreadable, ::testing::Values("truncated.webp"));

TEST_F(BadFiles, FailuresAreCountedAndNotCached) {
  const Node fresh;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(fresh.get("/bomb.jpg?width=10").status, 422);
  EXPECT_EQ(fresh.counter("Group/LocalLoadErrs"), 3U);
  EXPECT_EQ(fresh.counter("Caches/Main/Items"), 0U);
}

TEST_F(BadFiles, AFileOver20MiBIsRefused) {
  const TemporaryDirectory files;
  files.write("large.jpg", testdata("small.jpg") + std::string(20U << 20U, '\0'));
  const Node other({"--source=" + files.path().string()});
  EXPECT_EQ(other.get("/large.jpg").status, 422);
  EXPECT_EQ(other.get("/large.jpg?width=10").status, 422);
}

class Locked : public ::testing::Test {
 protected:
  Locked() {
    const auto file = directory_.write("locked.jpg", testdata("small.jpg"));
    std::filesystem::permissions(file, std::filesystem::perms::none);
    link_again(directory_.path());
    let_modes_hold_for_children();
  }

  [[nodiscard]] std::string flag() const { return "--source=" + directory_.path().string(); }

  const TemporaryDirectory directory_;
};

TEST_F(Locked, IsForbiddenAndWarnedOfOnce) {
  Node node({flag()});
  for (const char* target : {"/locked.jpg", "/locked.jpg?width=10", "/info/locked.jpg"}) {
    const Reply reply = node.get(target);
    EXPECT_EQ(reply.status, 403) << target;
    EXPECT_EQ(reply.body, "the file may not be read\n");
  }
  EXPECT_EQ(node.get("/missing.jpg").status, 404);
  EXPECT_TRUE(eventually([&] { return times_logged(node, "reading locked.jpg: ") == 1; }));
  EXPECT_EQ(node.stop(), 0);
  EXPECT_EQ(times_logged(node, "reading locked.jpg: "), 1);
}

TEST_F(Locked, IsForbiddenOnEveryNodeOfARing) {
  NodeRing ring({flag()});
  const std::string target = ring.target_of(0, "/locked.jpg");
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get(target).status, 403) << node;
  }
}

}  // namespace
}  // namespace imageserver::testing
