// Presets, and the other rules by which a node reads requests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kLonghand = "/small.jpg?width=40&height=40&mode=fill&quality=70";

class PresetsOfANode : public ::testing::Test {
 protected:
  // In one step: nobody reads half of it.
  void write(std::string_view content) const {
    std::filesystem::rename(directory_.write("new", content), path_);
  }

  void start(const Flags& more = {}) {
    Flags flags = {"--presets=" + path_};
    flags.insert(flags.end(), more.begin(), more.end());
    node_ = std::make_unique<Node>(flags);
  }

  void read_again() { node_->process().signal(SIGHUP); }

  [[nodiscard]] bool comes_to_say(std::string_view text) {
    return eventually([&] { return node_->process().errors().find(text) != std::string::npos; });
  }

  [[nodiscard]] Reply get(std::string_view target) const { return node_->get(target); }

  const TemporaryDirectory directory_;
  const std::string path_ = (directory_.path() / "presets").string();
  std::unique_ptr<Node> node_;
};

TEST_F(PresetsOfANode, APresetAndItsLonghandShareOneEntry) {
  write("# sizes\nthumb=quality=70&mode=fill&height=40&width=40\n");
  start();
  const Reply shorthand = get("/small.jpg?preset=thumb");
  ASSERT_EQ(shorthand.status, 200) << shorthand.body;
  const Reply longhand = get(kLonghand);
  EXPECT_TRUE(longhand.body == shorthand.body);
  EXPECT_EQ(longhand.field("ETag"), shorthand.field("ETag"));
  EXPECT_EQ(node_->counter("Group/CacheHits"), 1U);
  EXPECT_EQ(node_->counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(node_->counter("Caches/Main/Items"), 1U);
}

TEST_F(PresetsOfANode, WhatTheRequestSaysItselfWins) {
  write("thumb=width=40&height=40&format=png");
  start();
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb&width=20").body), (Picture{"png", 20, 40}));
  EXPECT_EQ(decode(get("/small.jpg?format=webp&preset=thumb").body), (Picture{"webp", 40, 40}));
}

TEST_F(PresetsOfANode, ASignalChangesThem) {
  write("thumb=width=40");
  start();
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 40);
  write("thumb=width=50\nlarge=width=300");
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 40) << "not before it";
  read_again();
  EXPECT_TRUE(eventually([&] { return decode(get("/small.jpg?preset=thumb").body).width == 50; }));
  EXPECT_EQ(decode(get("/small.jpg?preset=large").body).width, 300);
}

TEST_F(PresetsOfANode, ABrokenFileLeavesTheOldOnesAndSaysWhy) {
  write("thumb=width=40");
  start();
  write("thumb=width=50\nlarge=widht=300");
  read_again();
  EXPECT_TRUE(comes_to_say("--presets: " + path_ + ": line 2: invalid param \"widht\""));
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 40);
  std::filesystem::remove(path_);
  read_again();
  EXPECT_TRUE(comes_to_say("cannot be read"));
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 40);
  write("thumb=width=50");
  read_again();
  EXPECT_TRUE(comes_to_say("was read again"));
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 50);
}

TEST_F(PresetsOfANode, NothingButPresetsWhereThatIsAsked) {
  write("thumb=width=40\nplain=");
  start({"--presets-only"});
  EXPECT_EQ(decode(get("/small.jpg?preset=thumb").body).width, 40);
  EXPECT_TRUE(get("/small.jpg?preset=plain").body == testdata("small.jpg"));
  for (const std::string query : {"?width=40", "?preset=thumb&width=20", "?width=&preset=thumb"}) {
    const Reply refused = get("/small.jpg" + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_THAT(refused.body, StartsWith("invalid param \"width\": ")) << query;
  }
  for (const std::string query : {"", "?preset=", "?preset=other"}) {
    const Reply refused = get("/small.jpg" + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_THAT(refused.body, StartsWith("invalid param \"preset\": ")) << query;
  }
  EXPECT_EQ(get("/small.jpg?preset=thumb&unknown=1").status, 200);
  EXPECT_EQ(get("/info/small.jpg").status, 200) << "it costs no more than it does";
}

TEST(StrictParams, UnknownOnesAreRefused) {
  const Node node({"--strict-params"});
  EXPECT_EQ(decode(node.get("/small.jpg?width=40").body).width, 40);
  for (const std::string query : {"widht=40", "width=40&v=2", "WIDTH=40", "width=4;0"}) {
    const Reply refused = node.get("/small.jpg?" + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_THAT(refused.body, StartsWith("invalid param \"")) << query;
  }
  EXPECT_THAT(node.get("/small.jpg?width=40&v=2").body, HasSubstr("\"v\": is not a known param"));
  EXPECT_EQ(node.get("/info/small.jpg?v=2").status, 200) << "it has no params";
}

}  // namespace
}  // namespace imageserver::testing
