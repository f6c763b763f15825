#include "server/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using ::testing::StartsWith;

class ResourcesTest : public ::testing::Test {
 protected:
  ResourcesTest() { options_.sources = {{.value = directory_.path()}}; }

  std::string write(const std::string& name, const std::string& content) {
    return directory_.write(name, content).string();
  }

  // The error's message.
  [[nodiscard]] std::string failure() const {
    const auto opened = open_resources(options_);
    if (opened.has_value()) return "there is no error";
    return opened.error().message;
  }

  const testing::TemporaryDirectory directory_;
  Options options_;
};

TEST_F(ResourcesTest, ASourceIsAllThatIsNeeded) {
  write("a.jpg", "a picture");
  const auto opened = open_resources(options_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->source->get("a.jpg", {})->view(), "a picture");
  EXPECT_EQ(opened->watermarks, nullptr);
  EXPECT_EQ(opened->presets, nullptr);
  EXPECT_EQ(opened->secret, "");
}

TEST_F(ResourcesTest, TheSampleImagesAreTheSourceThatNeedsNoFlag) {
  options_.sources.clear();
  const auto opened = open_resources(options_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(opened->source->get("medium.jpg", {}).has_value());
}

TEST_F(ResourcesTest, SeveralSourcesHaveThePathsBelowTheirPrefixes) {
  write("a.jpg", "a picture");
  write("old/b.jpg", "an old picture");
  options_.sources.push_back({"/archive", directory_.path() / "old"});
  const auto opened = open_resources(options_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->source->get("a.jpg", {})->view(), "a picture");
  EXPECT_EQ(opened->source->get("archive/b.jpg", {})->view(), "an old picture");
  EXPECT_TRUE(opened->source->get("archive/a.jpg", {}).has_error());
}

TEST_F(ResourcesTest, OpensEverythingThatFlagsName) {
  write("marks/logo.png", "a logo");
  options_.watermarks = directory_.path() / "marks";
  options_.presets = write("presets", "small=width=100\n");
  options_.groupcache_secret_file = write("secret", "the secret of this ring\n");
  const auto opened = open_resources(options_);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(opened->watermarks->get("logo.png", {})->view(), "a logo");
  EXPECT_TRUE(opened->source->get("logo.png", {}).has_error()) << "that is another directory";
  EXPECT_EQ(*opened->presets->presets()->find("small"), "width=100");
  EXPECT_EQ(opened->secret, "the secret of this ring");
}

TEST_F(ResourcesTest, AnErrorNamesTheFlagAtFault) {
  options_.groupcache_secret_file = write("secret", "too short");
  EXPECT_THAT(failure(), StartsWith("--groupcache-secret-file: "));
  options_.presets = write("presets", "small=width=x\n");
  EXPECT_THAT(failure(), StartsWith("--presets: "));
  options_.watermarks = options_.presets;
  EXPECT_THAT(failure(), StartsWith("--watermarks: " + options_.presets + ": "));
  options_.sources = {{.value = "/nowhere"}};
  EXPECT_THAT(failure(), StartsWith("--source: /nowhere: ")) << "the first fault is named";
}

}  // namespace
}  // namespace imageserver
