// Where the redirects of an origin lead, and what is told there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "source/fetch_test.h"

namespace imageserver {
namespace {

using testing::answer;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::original;

// Two public servers, on port 80; both lead here.
constexpr const char* kOne = "93.184.216.34";
constexpr const char* kOther = "93.184.216.35";

class HttpFetchRedirectsTest : public testing::FetchTest {
 protected:
  HttpFetchRedirectsTest() {
    dialling_.lead(kOne, 80, origin_.port());
    dialling_.lead(kOther, 80, other_.port());
  }

  ~HttpFetchRedirectsTest() override { end_fetches(); }

  static std::string redirect(const std::string& location,
                              const std::string& status = "302 Found") {
    return answer(status, "Location: " + location + "\r\n", "moved");
  }

  static std::string at(const std::string& host, const std::string& path) {
    return "http://" + host + path;
  }

  // With a field that is secret.
  static HttpQuestion secret_question(const std::string& url) {
    return question(url, {"X-Token: secret"});
  }

  testing::TestOrigin other_;
};

TEST_F(HttpFetchRedirectsTest, EachKindOfRedirectIsFollowed) {
  origin_.on("/b.jpg", original("a picture"));
  for (const char* const status : {"301 X", "302 X", "303 X", "307 X", "308 X"}) {
    origin_.on("/a.jpg", redirect("/b.jpg", status));
    EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture") << status;
  }
}

TEST_F(HttpFetchRedirectsTest, ARedirectIsRelativeToTheUrlThatWasAsked) {
  origin_.on("/in/a.jpg", redirect("../out/b.jpg?size=1"));
  origin_.on("/out/b.jpg?size=1", redirect("c.jpg"));
  origin_.on("/out/c.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/in/a.jpg")), "a picture");
}

TEST_F(HttpFetchRedirectsTest, ARedirectToTheSameServerKeepsTheHeaderFields) {
  origin_.on("/a.jpg", redirect("/b.jpg"));
  origin_.on("/b.jpg", redirect(origin_.url("/c.jpg")));
  origin_.on("/c.jpg", original("a picture"));
  EXPECT_EQ(content(secret_question(origin_.url("/a.jpg"))), "a picture");
  ASSERT_EQ(origin_.asked(), 3U);
  for (const std::string& head : origin_.heads()) EXPECT_THAT(head, HasSubstr("X-Token: secret"));
}

TEST_F(HttpFetchRedirectsTest, ARedirectToAnotherServerLosesTheHeaderFields) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", original("a picture"));
  EXPECT_EQ(content(secret_question(at(kOne, "/a.jpg"))), "a picture");
  EXPECT_THAT(origin_.heads(), Contains(HasSubstr("X-Token: secret")));
  ASSERT_EQ(other_.asked(), 1U);
  EXPECT_THAT(other_.heads().front(), Not(HasSubstr("X-Token")));
}

TEST_F(HttpFetchRedirectsTest, BackAtItsServerTheHeaderFieldsStayLost) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", redirect(at(kOne, "/c.jpg")));
  origin_.on("/c.jpg", original("a picture"));
  EXPECT_EQ(content(secret_question(at(kOne, "/a.jpg"))), "a picture");
  ASSERT_EQ(origin_.asked(), 2U);
  EXPECT_THAT(origin_.heads().at(0), HasSubstr("X-Token"));
  EXPECT_THAT(origin_.heads().at(1), Not(HasSubstr("X-Token")));
}

TEST_F(HttpFetchRedirectsTest, TheNextFetchHasTheHeaderFieldsAgain) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", original("a picture"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(content(secret_question(at(kOne, "/a.jpg"))), "a picture");
    EXPECT_THAT(origin_.heads().back(), HasSubstr("X-Token"));
  }
}

// A redirect may lead to another picture each time, and a validator is of one URL.
TEST_F(HttpFetchRedirectsTest, AKnownVersionIsAskedAboutAtItsOwnUrlAlone) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", original("a picture", "ETag: \"two\"\r\n"));
  HttpQuestion asked = secret_question(at(kOne, "/a.jpg"));
  asked.known = {.etag = "\"one\"", .last_modified = "yesterday"};
  const auto fetched = fetch(asked);
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_EQ(fetched->bytes.view(), "a picture");
  EXPECT_TRUE(fetched->validators.empty());
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nIf-None-Match: \"one\"\r\n"));
  EXPECT_THAT(other_.heads().front(), Not(HasSubstr("If-")));
  EXPECT_THAT(other_.heads().front(), Not(HasSubstr("X-Token")));
}

TEST_F(HttpFetchRedirectsTest, UnchangedIsNoAnswerOfAnotherServerEitherToWhoeverKnowsNothing) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  EXPECT_THAT(other_.heads().front(), Not(HasSubstr("If-")));
}

TEST_F(HttpFetchRedirectsTest, AnOriginalIsAsFreshAsTheLastAnswerSays) {
  origin_.on("/a.jpg", answer("302 Found", "Location: /b.jpg\r\nCache-Control: no-store\r\n", ""));
  origin_.on("/b.jpg", original("a picture", "Cache-Control: max-age=60\r\n"));
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness,
            (OriginFreshness{.lifetime = std::chrono::minutes(1), .may_be_stale = true}));
}

// The same address would be allowed to those that the operator named.
TEST_F(HttpFetchRedirectsTest, ARedirectToAPrivateAddressIsRefused) {
  for (const std::string host : {"127.0.0.1", "127.0.0.2", "10.0.0.1", "169.254.169.254"}) {
    origin_.on("/a.jpg", redirect(at(host, "/b.jpg")));
    EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin) << host;
    EXPECT_EQ(dialling_.count(host, 80), 0) << host;
  }
  EXPECT_THAT(log_.take(),
              Contains("warning fetching http://93.184.216.34/a.jpg: the address 169.254.169.254 "
                       "may not be dialled"));
}

TEST_F(HttpFetchRedirectsTest, ARedirectToANameWithAPrivateAddressIsRefused) {
  dialling_.name("origin.example", {"127.0.0.1"});
  origin_.on("/a.jpg", redirect("http://origin.example/b.jpg"));
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(dialling_.count("127.0.0.1", 80), 0);
}

TEST_F(HttpFetchRedirectsTest, ARefusedRedirectIsNoFaultThatOthersPayFor) {
  origin_.on("/a.jpg", redirect("http://127.0.0.1/b.jpg"));
  origin_.on("/c.jpg", original("a picture"));
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(content(at(kOne, "/c.jpg")), "a picture");
}

TEST_F(HttpFetchRedirectsTest, ARedirectToAnotherPortThanThoseOfHttpIsRefused) {
  dialling_.lead(kOther, 8080, other_.port());
  origin_.on("/a.jpg", redirect("http://93.184.216.35:8080/b.jpg"));
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  origin_.on("/a.jpg", redirect(other_.url("/b.jpg")));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin) << "another port of this machine";
  EXPECT_EQ(other_.connections(), 0);
}

TEST_F(HttpFetchRedirectsTest, ARedirectToWhatIsNoUrlOfHttpIsRefused) {
  for (const char* const location :
       {"file:///etc/passwd", "ftp://93.184.216.35/a.jpg", "http://user@93.184.216.35/a.jpg",
        "http://", "//", "http:/x"}) {
    origin_.on("/a.jpg", redirect(location));
    EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin) << location;
  }
  EXPECT_EQ(other_.connections(), 0);
}

TEST_F(HttpFetchRedirectsTest, ARedirectToNowhereIsRefused) {
  origin_.on("/a.jpg", answer("302 Found", {}, ""));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 1U);
}

TEST_F(HttpFetchRedirectsTest, ThreeRedirectsAreFollowedAndNoFourth) {
  origin_.on("/4.jpg", redirect("/3.jpg"));
  origin_.on("/3.jpg", redirect("/2.jpg"));
  origin_.on("/2.jpg", redirect("/1.jpg"));
  origin_.on("/1.jpg", redirect("/0.jpg"));
  origin_.on("/0.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/3.jpg")), "a picture");
  EXPECT_EQ(origin_.asked(), 4U);
  EXPECT_EQ(failure(origin_.url("/4.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 8U) << "the fourth one is not even asked";
}

TEST_F(HttpFetchRedirectsTest, ALoopHasAnEnd) {
  origin_.on("/a.jpg", redirect("/a.jpg"));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 4U);
}

TEST_F(HttpFetchRedirectsTest, WhatARedirectLeadsToMayBeMissing) {
  origin_.on("/a.jpg", redirect("/nothing.jpg"));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kNotFound);
}

// It is not the server that is asked here.
TEST_F(HttpFetchRedirectsTest, AnotherServerThatIsAwayIsNoFaultOfTheOrigin) {
  dialling_.lead(kOther, 80, 1);  // nobody listens there
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  origin_.on("/c.jpg", original("a picture"));
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(content(at(kOne, "/c.jpg")), "a picture");
}

TEST_F(HttpFetchRedirectsTest, AConnectionToAnotherServerIsNotKept) {
  origin_.on("/a.jpg", redirect(at(kOther, "/b.jpg")));
  other_.on("/b.jpg", original("a picture"));
  EXPECT_EQ(content(at(kOne, "/a.jpg")), "a picture");
  EXPECT_TRUE(testing::soon([&] { return other_.open() == 0; }));
  EXPECT_EQ(origin_.open(), 1) << "that to the operator's own is";
}

// The connection was made for the operator's own place, whose addresses may be private.
TEST_F(HttpFetchRedirectsTest, ARedirectUsesNoConnectionOfTheOperatorsOwnPlaces) {
  dialling_.lead("127.0.0.9", 80, other_.port());
  other_.on("/own.jpg", original("a picture"));
  EXPECT_EQ(content("http://127.0.0.9/own.jpg"), "a picture");
  origin_.on("/a.jpg", redirect("http://127.0.0.9/own.jpg"));
  EXPECT_EQ(failure(at(kOne, "/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(other_.asked(), 1U);
}

}  // namespace
}  // namespace imageserver
