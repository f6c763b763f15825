#include "source/open_source.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/io_pool.h"
#include "support/fetched.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

class OpenSourceTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Source>> open(const std::string& place,
                                       std::vector<std::string> fields = {}) {
    return open_source(place, {.fetcher = [this]() -> HttpFetcher& { return fetcher(); },
                               .fields = std::move(fields)});
  }

  HttpFetcher& fetcher() {
    if (!fetcher_) fetcher_.emplace(io_, HttpTerms());
    return *fetcher_;
  }

  const testing::TemporaryDirectory directory_;
  IoPool io_{1};
  std::optional<HttpFetcher> fetcher_;
};

TEST_F(OpenSourceTest, ADirectoryIsReadAndNeedsNoFetcher) {
  directory_.write("a.jpg", "a picture");
  const auto source = open(directory_.path()).value();
  EXPECT_TRUE(source->blocks());
  EXPECT_EQ(testing::fetched(*source, "a.jpg")->view(), "a picture");
  EXPECT_FALSE(fetcher_);
}

TEST_F(OpenSourceTest, AUrlIsFetchedFrom) {
  for (const std::string scheme : {"http", "https"}) {
    const auto source = open(scheme + "://origin.example/img").value();
    EXPECT_FALSE(source->blocks());
    EXPECT_EQ(source->name_of("a.jpg"), scheme + "://origin.example/img/a.jpg");
  }
  EXPECT_TRUE(fetcher_);
}

TEST_F(OpenSourceTest, APlaceThatCannotBeOpenedIsAnError) {
  for (const char* const place : {"/nowhere/at/all", "http://", "https://user@origin.example/",
                                  "http://origin.example/?query", "HTTP://origin.example/"}) {
    EXPECT_TRUE(open(place).has_error()) << place;
  }
  EXPECT_FALSE(fetcher_);
}

TEST_F(OpenSourceTest, HeaderFieldsAreForServersAlone) {
  EXPECT_TRUE(open("http://origin.example/", {"X-Token: secret"}).has_value());
  const auto directory = open(directory_.path(), {"X-Token: secret"});
  ASSERT_TRUE(directory.has_error());
  EXPECT_EQ(directory.error().message, "a directory takes no header fields");
}

TEST(SourceSettingTest, IsTheUrlHoweverItIsWrittenAndNotWhereADirectoryLies) {
  EXPECT_EQ(source_setting("https://Origin.EXAMPLE:443/%69mg"), "https://origin.example/img/");
  EXPECT_EQ(source_setting("http://origin.example"), "http://origin.example/");
  EXPECT_EQ(source_setting("/srv/pictures"), "directory");
  EXPECT_EQ(source_setting(""), "directory");
}

TEST(SourceSettingTest, OnlyUrlsAreRemote) {
  EXPECT_TRUE(is_remote("http://origin.example/"));
  EXPECT_TRUE(is_remote("https://origin.example/"));
  for (const char* const place : {"", "/srv/pictures", "http:", "http/", "ftp://origin.example/"}) {
    EXPECT_FALSE(is_remote(place)) << place;
  }
}

}  // namespace
}  // namespace imageserver
