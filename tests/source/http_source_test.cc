#include "source/http_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "source/fetch_test.h"

namespace imageserver {
namespace {

using ::testing::HasSubstr;

class HttpSourceTest : public testing::FetchTest {
 protected:
  HttpSource source_at(const std::string& base) {
    return {fetcher(), parse_base_url(base).value(), {"X-Token: secret"}};
  }

  Result<FetchedOriginal> fetch_by(HttpSource& source, const std::string& name,
                                   const Validators& known = {}) {
    auto fetch = std::make_shared<Fetch>();
    source.fetch({.name = name, .known = known, .deadline = Deadline::max()}, {},
                 [fetch](Result<FetchedOriginal> result) { fetch->result = std::move(result); });
    return end_of(fetch);
  }
};

TEST_F(HttpSourceTest, ANameIsTheOneUrlOfAnOriginal) {
  const HttpSource source = source_at("https://Origin.example:443/img");
  EXPECT_EQ(source.name_of("a b.jpg"), "https://origin.example/img/a%20b.jpg");
  EXPECT_EQ(source.name_of("in/a.jpg"), "https://origin.example/img/in/a.jpg");
  EXPECT_EQ(source.name_of("a?b#c%"), "https://origin.example/img/a%3Fb%23c%25");
  for (const char* const path : {"", "..", "../a.jpg", "in/../../a.jpg", "."}) {
    EXPECT_EQ(source.name_of(path), std::nullopt) << path;
  }
}

TEST_F(HttpSourceTest, TheNamesOfAFolderBeginAsItsOwn) {
  const HttpSource source = source_at("https://Origin.example:443/img");
  EXPECT_EQ(source.beginning_of(""), "https://origin.example/img");
  EXPECT_EQ(source.beginning_of("in"), "https://origin.example/img/in");
  EXPECT_EQ(source.beginning_of("in/a b"), "https://origin.example/img/in/a%20b");
  for (const char* const folder : {"..", "in/../.."}) {
    EXPECT_EQ(source.beginning_of(folder), std::nullopt) << folder;
  }
  EXPECT_EQ(source_at("http://origin.example").beginning_of(""), "http://origin.example");
}

TEST_F(HttpSourceTest, WhatIsBelowAFolderBeginsAsItDoes) {
  const HttpSource source = source_at("http://origin.example:8080/img/");
  for (const std::string path : {"a b/c.jpg", "a b/in/c.jpg", "a b/\xc3\xa9.jpg"}) {
    const std::string name = source.name_of(path).value();
    EXPECT_TRUE(name.starts_with(source.beginning_of("").value() + '/')) << path;
    EXPECT_TRUE(name.starts_with(source.beginning_of("a b").value() + '/')) << path;
  }
}

TEST_F(HttpSourceTest, HasWhatItNamed) {
  const HttpSource source = source_at("http://origin.example/img/");
  for (const char* const path : {"a.jpg", "in/a b.jpg", "a?b#c%", "\xc3\xa9.jpg", "a/b/c"}) {
    EXPECT_GT(source.fits(source.name_of(path).value()), 0U) << path;
  }
}

TEST_F(HttpSourceTest, HasNothingOfOtherServersOrPlaces) {
  const HttpSource source = source_at("http://origin.example/img/");
  for (const char* const name :
       {"http://other.example/img/a.jpg", "https://origin.example/img/a.jpg",
        "http://origin.example:8080/img/a.jpg", "http://origin.example/a.jpg",
        "http://origin.example/img", "http://origin.example/img/",
        "http://origin.example/imgs/a.jpg", "http://origin.example/img2/a.jpg", "a.jpg", "",
        "/img/a.jpg"}) {
    EXPECT_EQ(source.fits(name), 0U) << name;
  }
}

// A peer that asks for these would be given what no path of a client leads to.
TEST_F(HttpSourceTest, HasNothingUnderAnotherSpelling) {
  const HttpSource source = source_at("http://origin.example/img/");
  for (const char* const name :
       {"http://origin.example/img/../secret.jpg", "http://origin.example/img/in/../a.jpg",
        "http://origin.example/img/%2e%2e/secret.jpg", "http://origin.example/img/./a.jpg",
        "http://origin.example/img/a.jpg?size=1", "http://origin.example/img/a.jpg#part",
        "http://origin.example/img/a b.jpg", "http://origin.example:80/img/a.jpg",
        "http://user@origin.example/img/a.jpg", "http://origin.example/img/\xc3\xa9.jpg"}) {
    EXPECT_EQ(source.fits(name), 0U) << name;
  }
}

TEST_F(HttpSourceTest, FetchesByItsNameWithTheFieldsOfThePlace) {
  origin_.on("/img/a.jpg", testing::original("a picture"));
  HttpSource source = source_at(origin_.url("/img/"));
  EXPECT_FALSE(source.blocks());
  const std::string name = source.name_of("a.jpg").value();
  EXPECT_EQ(fetch_by(source, name)->bytes.view(), "a picture");
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nX-Token: secret\r\n"));
}

TEST_F(HttpSourceTest, AsksAboutTheVersionThatIsKnown) {
  origin_.on("/img/a.jpg", "HTTP/1.1 304 Not Modified\r\n\r\n");
  HttpSource source = source_at(origin_.url("/img/"));
  const Validators known{.etag = "\"one\"", .last_modified = ""};
  EXPECT_TRUE(fetch_by(source, source.name_of("a.jpg").value(), known)->is_unchanged);
}

TEST_F(HttpSourceTest, WhatIsNoUrlIsNoPicture) {
  HttpSource source = source_at(origin_.url("/img/"));
  EXPECT_EQ(fetch_by(source, "a.jpg").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(origin_.connections(), 0);
}

}  // namespace
}  // namespace imageserver
