#include "server/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "support/fetched.h"
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

  Result<Resources> open() { return open_resources(options_, io_); }

  // What lies there on the disk; or the error's message.
  static std::string content(const std::unique_ptr<Sources>& sources, const std::string& path) {
    const auto located = sources->locate(path);
    if (!located) return "nowhere";
    const Result<Bytes> bytes = testing::fetched(*located->source, located->name);
    return bytes.has_value() ? std::string(bytes->view()) : bytes.error().message;
  }

  // The error's message.
  [[nodiscard]] std::string failure() {
    const auto opened = open();
    if (opened.has_value()) return "there is no error";
    return opened.error().message;
  }

  const testing::TemporaryDirectory directory_;
  Options options_;
  IoPool io_{1};
};

TEST_F(ResourcesTest, ASourceIsAllThatIsNeeded) {
  write("a.jpg", "a picture");
  const auto opened = open();
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(content(opened->sources, "a.jpg"), "a picture");
  EXPECT_EQ(opened->fetcher, nullptr);
  EXPECT_EQ(opened->watermarks, nullptr);
  EXPECT_EQ(opened->presets, nullptr);
  EXPECT_EQ(opened->secret, "");
}

TEST_F(ResourcesTest, TheSampleImagesAreTheSourceThatNeedsNoFlag) {
  options_.sources.clear();
  const auto opened = open();
  ASSERT_TRUE(opened.has_value());
  EXPECT_GT(content(opened->sources, "medium.jpg").size(), 10'000U);
}

TEST_F(ResourcesTest, SeveralSourcesHaveThePathsBelowTheirPrefixes) {
  write("a.jpg", "a picture");
  write("old/b.jpg", "an old picture");
  options_.sources.push_back({"/archive", directory_.path() / "old"});
  const auto opened = open();
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(content(opened->sources, "a.jpg"), "a picture");
  EXPECT_EQ(content(opened->sources, "archive/b.jpg"), "an old picture");
  EXPECT_EQ(content(opened->sources, "archive/a.jpg"), "no such picture");
}

TEST_F(ResourcesTest, OpensEverythingThatFlagsName) {
  write("marks/logo.png", "a logo");
  options_.watermarks = directory_.path() / "marks";
  options_.presets = write("presets", "small=width=100\n");
  options_.groupcache_secret_file = write("secret", "the secret of this ring\n");
  const auto opened = open();
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(content(opened->watermarks, "logo.png"), "a logo");
  EXPECT_EQ(content(opened->sources, "logo.png"), "no such picture") << "that is another directory";
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

TEST_F(ResourcesTest, OriginalsMayComeFromServersAndFromTheDisk) {
  write("a.jpg", "a picture");
  options_.sources.push_back({"/photos", "https://Origin.Example/img"});
  options_.watermarks = "http://origin.example/marks/";
  const auto opened = open();
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_NE(opened->fetcher, nullptr);
  EXPECT_EQ(content(opened->sources, "a.jpg"), "a picture");
  const auto located = opened->sources->locate("photos/a.jpg");
  ASSERT_TRUE(located);
  EXPECT_FALSE(located->source->blocks());
  EXPECT_EQ(located->name, "https://origin.example/img/a.jpg");
  EXPECT_EQ(opened->watermarks->canonical_name("logo.png"), "http://origin.example/marks/logo.png");
}

TEST_F(ResourcesTest, AnErrorNamesTheFlagOfOriginsAtFault) {
  options_.sources = {{"/photos", "https://user@origin.example/"}};
  EXPECT_EQ(failure(), "--source: /photos: must have no user and no password")
      << "they are not repeated";
  options_.sources = {{"/photos", "https://origin.example/"}};
  options_.watermarks = "http://origin.example/?query";
  EXPECT_EQ(failure(), "--watermarks: must have no query");
  options_.source_header_file = write("wrong", "no field\n");
  EXPECT_THAT(failure(), StartsWith("--source-header-file: "));
  options_.source_allow_private = "10.0.0.0/33";
  EXPECT_THAT(failure(), StartsWith("--source-allow-private: "));
}

TEST_F(ResourcesTest, HeaderFieldsAreForServersThatFlagsName) {
  options_.sources = {{"/photos", "https://origin.example/"}, {"/", directory_.path()}};
  options_.source_header_file = write("headers", "/photos Authorization: Bearer secret\n");
  EXPECT_TRUE(open().has_value());
  options_.source_header_file = write("headers", "/photo Authorization: Bearer secret\n");
  EXPECT_EQ(failure(), "--source-header-file: there is no --source for /photo");
  options_.source_header_file = write("headers", "/ Authorization: Bearer secret\n");
  EXPECT_EQ(failure(),
            "--source: " + directory_.path().string() + ": a directory takes no header fields");
}

TEST_F(ResourcesTest, PrefixesWithOneUrlNeedTheSameHeaderFields) {
  options_.sources = {{"/", directory_.path()},
                      {"/photos", "https://origin.example/img"},
                      {"/old", "https://Origin.Example:443/img/"}};
  const std::string needed =
      "--source-header-file: /photos and /old are one URL, and need the same fields";
  options_.source_header_file =
      write("headers", "/photos Authorization: Bearer a\n/old Authorization: Bearer b\n");
  EXPECT_EQ(failure(), needed);
  options_.source_header_file = write("headers", "/photos Authorization: Bearer a\n");
  EXPECT_EQ(failure(), needed) << "none are others, too";
  options_.source_header_file = write("headers", "/old Authorization: Bearer b\n");
  EXPECT_EQ(failure(), needed);
  options_.source_header_file =
      write("headers", "/photos Authorization: Bearer a\n/old Authorization: Bearer a\n");
  EXPECT_EQ(failure(), "there is no error");
}

TEST_F(ResourcesTest, PrefixesWithOtherUrlsMayHaveOtherHeaderFields) {
  options_.source_header_file =
      write("headers", "/photos Authorization: Bearer a\n/old Authorization: Bearer b\n");
  for (const char* const other : {"https://origin.example/old", "https://origin.example:8443/img",
                                  "http://origin.example/img", "https://other.example/img"}) {
    options_.sources = {{"/photos", "https://origin.example/img"}, {"/old", other}};
    EXPECT_EQ(failure(), "there is no error") << other;
  }
}

}  // namespace
}  // namespace imageserver
