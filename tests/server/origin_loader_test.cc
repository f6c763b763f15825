#include "server/origin_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "groupcache/original_query.h"
#include "support/disk_source.h"
#include "support/looking.h"
#include "support/remote_originals.h"

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPicture = "GIF89a and so on";

// What another node must not be given.
class SecretFiles final : public testing::DiskSource {
  Result<Bytes> read(const std::string& /*path*/, const std::stop_token& /*stop*/) override {
    ADD_FAILURE() << "the disk is read for another node";
    return Bytes::copy(kPicture);
  }
};

class OriginLoaderTest : public ::testing::Test {
 protected:
  // How the load of a name ends, which must be at once.
  Result<ImagePtr> load(const std::string& name, const UntrustedFormats& untrusted = {},
                        Query::From from = Query::From::kPeer) {
    OriginLoader loader({&remote_.pictures(), &remote_.marks()}, untrusted, looking_.checker);
    std::optional<Result<ImagePtr>> ended;
    loader.load(original_query(name, from, Clock::now()), stop_.get_token(),
                [&](Result<ImagePtr> result) { ended = std::move(result); });
    return ended.value();
  }

  const testing::RemoteOriginals remote_{std::make_unique<SecretFiles>()};
  testing::Looking looking_{{&remote_.pictures(), &remote_.marks()}};
  testing::RemoteSource& origin_ = remote_.origin();
  testing::RemoteSource& marks_origin_ = remote_.marks_origin();
  std::stop_source stop_;
};

TEST_F(OriginLoaderTest, GivesTheBytesOfAnOriginal) {
  origin_.at_once = testing::original_of(kPicture);
  for (const Query::From from : {Query::From::kPeer, Query::From::kClient}) {
    const ImagePtr image = load("http://origin/img/a.gif", {}, from).value();
    EXPECT_EQ(image->data.view(), kPicture);
    EXPECT_FALSE(image->format.has_value());
    EXPECT_EQ(image->etag, entity_tag(std::string_view(kPicture)));
  }
  EXPECT_EQ(origin_.requests.front().name, "http://origin/img/a.gif");
  EXPECT_EQ(origin_.requests.front().known, Validators());
}

// Others may join the load, who have more time.
TEST_F(OriginLoaderTest, AFetchHasNoDeadlineOfTheOneWhoBeganIt) {
  origin_.at_once = testing::original_of(kPicture);
  EXPECT_TRUE(load("http://origin/img/a.gif").has_value());
  EXPECT_EQ(origin_.requests.front().deadline, Deadline::max());
}

TEST_F(OriginLoaderTest, GivesTheOriginalsOfWatermarksToo) {
  marks_origin_.at_once = testing::original_of(kPicture);
  EXPECT_TRUE(load("http://origin/marks/logo.gif").has_value());
}

TEST_F(OriginLoaderTest, GivesNothingThatNoSourceHas) {
  for (const char* const name : {"http://other/img/a.gif", "http://origin/secret", "a.gif",
                                 "remote/a.gif", "/etc/passwd", ""}) {
    EXPECT_EQ(load(name).error(), (Error{ErrorKind::kNotFound, "no such picture"})) << name;
  }
  EXPECT_TRUE(origin_.requests.empty() && marks_origin_.requests.empty());
}

TEST_F(OriginLoaderTest, GivesNothingThatBeginsLikeNoPicture) {
  for (const char* const bytes :
       {"<html>an error page</html>", "root:x:0:0", "G", "\x1f\x8b gzip"}) {
    origin_.at_once = testing::original_of(bytes);
    const auto error = load("http://origin/img/a.gif").error();
    EXPECT_EQ(error.kind, ErrorKind::kUnprocessable) << bytes;
    EXPECT_THAT(error.message, HasSubstr("not a picture in a format we read (JPEG"));
  }
}

TEST_F(OriginLoaderTest, GivesFormatsThatAreNotTrustedOnlyIfTheyAreAllowed) {
  origin_.at_once = testing::original_of("<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  const auto refused = load("http://origin/img/a.svg");
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnprocessable);
  EXPECT_THAT(refused.error().message, Not(HasSubstr("SVG")));
  EXPECT_TRUE(load("http://origin/img/a.svg", {.svg = true}).has_value());
}

TEST_F(OriginLoaderTest, HandsOnTheErrorOfTheSource) {
  const Error late{ErrorKind::kOriginLate, "too late"};
  origin_.at_once = late;
  EXPECT_EQ(load("http://origin/img/a.gif").error(), late);
}

TEST_F(OriginLoaderTest, HandsOnAStop) {
  origin_.at_once = testing::original_of(kPicture);
  EXPECT_TRUE(load("http://origin/img/a.gif").has_value());
  EXPECT_FALSE(origin_.stops.front().stop_requested());
  stop_.request_stop();
  EXPECT_TRUE(origin_.stops.front().stop_requested());
}

TEST_F(OriginLoaderTest, HasNoBacklog) {
  EXPECT_FALSE(OriginLoader({&remote_.pictures()}, {}, looking_.checker).has_backlog());
}

}  // namespace
}  // namespace imageserver
