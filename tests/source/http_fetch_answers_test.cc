// What the answers of an origin become.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>

#include "source/fetch_test.h"

namespace imageserver {
namespace {

using testing::answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::original;

class HttpFetchAnswersTest : public testing::FetchTest {};

TEST_F(HttpFetchAnswersTest, AnOriginalComesWithItsLength) {
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_THAT(origin_.heads().front(), HasSubstr("GET /a.jpg HTTP/1.1\r\n"));
}

TEST_F(HttpFetchAnswersTest, AnOriginalComesInChunks) {
  origin_.on("/a.jpg",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\na \r\n7\r\npicture\r\n0\r\n\r\n");
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
}

TEST_F(HttpFetchAnswersTest, AnOriginalWithoutALengthEndsWithTheConnection) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\n\r\na picture");
    connection.hang_up();
  });
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
}

TEST_F(HttpFetchAnswersTest, ALargeOriginalComesWhole) {
  std::string picture(5U << 20U, '\0');
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<char>(i * i >> 7U);
  origin_.on("/a.jpg", original(picture));
  const auto fetched = fetch(origin_.url("/a.jpg"));
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_TRUE(fetched->bytes.view() == picture) << fetched->bytes.size() << " bytes came";
}

TEST_F(HttpFetchAnswersTest, TrailersAreNoPartOfAnOriginal) {
  origin_.on("/a.jpg",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
             "9\r\na picture\r\n0\r\nX-Sum: 1\r\n\r\n");
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
}

TEST_F(HttpFetchAnswersTest, AnEmptyOriginalIsNoPicture) {
  origin_.on("/a.jpg", original(""));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kUnprocessable);
}

TEST_F(HttpFetchAnswersTest, EachStatusHasItsError) {
  const auto failure_with = [this](const std::string& status) {
    origin_.on("/a.jpg", answer(status, {}, "a text"));
    return failure(origin_.url("/a.jpg"));
  };
  for (const char* const status : {"401 X", "403 X", "404 X", "410 X"}) {
    EXPECT_EQ(failure_with(status), ErrorKind::kNotFound) << status;
  }
  for (const char* const status :
       {"201 X", "203 X", "206 X", "300 X", "400 X", "429 X", "500 X", "503 X", "599 X"}) {
    EXPECT_EQ(failure_with(status), ErrorKind::kOrigin) << status;
  }
  origin_.on("/a.jpg", "HTTP/1.1 204 X\r\n\r\n");
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, WhatMayNotBeSeenIsAsMissingAndIsLoggedOnce) {
  origin_.on("/a.jpg", answer("403 Forbidden", {}, ""));
  origin_.on("/b.jpg", answer("401 Unauthorized", {}, ""));
  for (int i = 0; i < 2; ++i) {
    for (const char* const path : {"/a.jpg", "/b.jpg", "/c.jpg"}) {
      EXPECT_EQ(content(origin_.url(path)), "no such picture");
    }
  }
  EXPECT_THAT(log_.take(),
              ElementsAre("warning fetching " + origin_.url("/a.jpg") + ": status 403",
                          "warning fetching " + origin_.url("/b.jpg") + ": status 401"));
}

TEST_F(HttpFetchAnswersTest, AFaultIsLoggedEachTimeAndItsCauseIsNotTold) {
  origin_.on("/a.jpg", answer("500 Secret", {}, "a secret"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(content(origin_.url("/a.jpg")), "the server of the original does not give it");
  }
  const std::string line = "warning fetching " + origin_.url("/a.jpg") + ": status 500";
  EXPECT_THAT(log_.take(), ElementsAre(line, line));
}

TEST_F(HttpFetchAnswersTest, AnOriginalMayHaveAsManyBytesAsTheTermsSay) {
  terms_.most_bytes = 1'000;
  origin_.on("/most.jpg", original(std::string(1'000, 'x')));
  origin_.on("/over.jpg", original(std::string(1'001, 'x')));
  EXPECT_EQ(content(origin_.url("/most.jpg")), std::string(1'000, 'x'));
  EXPECT_EQ(failure(origin_.url("/over.jpg")), ErrorKind::kUnprocessable);
  EXPECT_THAT(log_.take(), IsEmpty()) << "the origin has done nothing wrong";
}

// It would never end.
TEST_F(HttpFetchAnswersTest, ABodyOverTheLimitIsCutOffWhetherOrNotItsLengthIsSaid) {
  terms_.most_bytes = 1'000'000;
  for (const char* const length : {"", "Content-Length: 100000000000\r\n"}) {
    origin_.on("/a.jpg", [length](RawSocket& connection) {
      connection.send("HTTP/1.1 200 OK\r\n" + std::string(length) + "\r\n");
      while (connection.send(std::string(10'000, 'x'))) {
      }
    });
    EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kUnprocessable) << length;
    EXPECT_TRUE(testing::soon([&] { return origin_.open() == 0; })) << "the connection is left";
  }
  EXPECT_EQ(origin_.asked(), 2U);
}

TEST_F(HttpFetchAnswersTest, ABodyThatSaysThatItIsOverTheLimitIsNotWaitedFor) {
  terms_.most_bytes = 1'000;
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\nbegin");
    EXPECT_TRUE(connection.ended());
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kUnprocessable);
}

TEST_F(HttpFetchAnswersTest, ABodyShorterThanItsLengthIsNoOriginal) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789");
    connection.hang_up();
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 1U) << "it is not asked again";
}

TEST_F(HttpFetchAnswersTest, WhatComesAfterTheLengthIsNoPartOfTheOriginal) {
  origin_.on("/a.jpg", original("a picture") + "and more");
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture") << "nor of the next one";
}

TEST_F(HttpFetchAnswersTest, AnErrorWithALongBodyIsThatErrorAllTheSame) {
  terms_.most_bytes = 1'000;
  const std::string page(100'000, 'x');
  origin_.on("/a.jpg", answer("404 Not Found", {}, page));
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kNotFound);
  origin_.on("/a.jpg", [&page](RawSocket& connection) {
    connection.send("HTTP/1.1 404 Not Found\r\n\r\n" + page);
    connection.hang_up();
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kNotFound);
}

// Not even the long page of an error is read to its end.
TEST_F(HttpFetchAnswersTest, AnErrorWithoutEndIsThatErrorAllTheSame) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 404 Not Found\r\n\r\n");
    while (connection.send(std::string(10'000, 'x'))) {
    }
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kNotFound);
}

TEST_F(HttpFetchAnswersTest, WithoutRoomInTheBudgetItIsBusyAndTheBudgetIsGivenBack) {
  constexpr std::size_t kRoom = 1'000'000;
  terms_.budget = std::make_shared<ByteBudget>(kRoom);
  origin_.on("/large.jpg", original(std::string(2 * kRoom, 'x')));
  origin_.on("/small.jpg", original("a picture"));
  EXPECT_EQ(failure(origin_.url("/large.jpg")), ErrorKind::kBusy);
  EXPECT_TRUE(terms_.budget->take(kRoom)) << "all of it is there again";
  EXPECT_EQ(failure(origin_.url("/small.jpg")), ErrorKind::kBusy) << "others have taken it all";
  terms_.budget->give_back(kRoom);
  EXPECT_EQ(content(origin_.url("/small.jpg")), "a picture");
}

TEST_F(HttpFetchAnswersTest, AnOriginalCountsInTheBudgetUntilItIsGone) {
  constexpr std::size_t kRoom = 2'000'000;
  terms_.budget = std::make_shared<ByteBudget>(kRoom);
  origin_.on("/a.jpg", original(std::string(600'000, 'x')));
  {
    const auto held = fetch(origin_.url("/a.jpg"));
    ASSERT_TRUE(held.has_value());
    EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kBusy);
  }
  EXPECT_EQ(failure(origin_.url("/a.jpg")), std::nullopt);
}

TEST_F(HttpFetchAnswersTest, ACompressedBodyStaysAsItIs) {
  origin_.on("/a.svgz", original("\x1f\x8b no gzip at all", "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(content(origin_.url("/a.svgz")), "\x1f\x8b no gzip at all");
  EXPECT_THAT(origin_.heads().front(), Not(HasSubstr("Accept-Encoding")));
}

// Layer by layer a few kilobytes can be gigabytes.
TEST_F(HttpFetchAnswersTest, NoTransferCodingButChunksIsUndone) {
  for (const std::string coding : {"gzip", "gzip, chunked", "Gzip", "deflate, gzip"}) {
    origin_.on("/a.jpg", "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding +
                             "\r\nConnection: close\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin) << coding;
  }
}

TEST_F(HttpFetchAnswersTest, AnOriginalHasTheHashOfItsBytes) {
  origin_.on("/a.jpg", original("abc"));
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(to_hex(fetch(origin_.url("/a.jpg")).value().hash.value()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(HttpFetchAnswersTest, TheVersionOfAnOriginalIsTold) {
  origin_.on(
      "/a.jpg",
      original("a picture", "ETag: \"one\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  const auto fetched = fetch(origin_.url("/a.jpg"));
  EXPECT_EQ(fetched->validators,
            (Validators{.etag = "\"one\"", .last_modified = "Sun, 06 Nov 1994 08:49:37 GMT"}));
  EXPECT_FALSE(fetched->is_unchanged);
  EXPECT_THAT(origin_.heads().front(), Not(HasSubstr("If-")));
}

// RFC 9110, 8.8.2.2: within its second an original may change again.
TEST_F(HttpFetchAnswersTest, ATimeThatIsNotOverTellsNoVersion) {
  const auto told = [&](const std::string& changed) {
    origin_.on("/a.jpg", original("a picture",
                                  "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                  "Last-Modified: " +
                                      changed + "\r\n"));
    return fetch(origin_.url("/a.jpg"))->validators.last_modified;
  };
  EXPECT_EQ(told("Sun, 06 Nov 1994 08:49:37 GMT"), "");
  EXPECT_EQ(told("Sun, 06 Nov 1994 08:49:36 GMT"), "");
  EXPECT_EQ(told("Sun, 06 Nov 1994 08:49:35 GMT"), "Sun, 06 Nov 1994 08:49:35 GMT");
  EXPECT_EQ(told("Sun, 06 Nov 1994 08:49:38 GMT"), "") << "it is to come";
  EXPECT_EQ(told("yesterday"), "");
}

// It is sent to the origin again, and to wherever that redirects.
TEST_F(HttpFetchAnswersTest, AVersionHoldsNoFieldOfItsOwn) {
  origin_.on("/a.jpg", original("a picture", "ETag: \"one\"\rX-Other: 1\r\n"));
  const auto fetched = fetch(origin_.url("/a.jpg"));
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_EQ(fetched->validators.etag, "\"one\"");
}

TEST_F(HttpFetchAnswersTest, AKnownVersionIsAskedAboutAndMayBeUnchanged) {
  const Validators known{.etag = "\"one\"", .last_modified = "yesterday"};
  origin_.on("/a.jpg", "HTTP/1.1 304 Not Modified\r\nETag: \"other\"\r\n\r\n");
  HttpQuestion asked = question(origin_.url("/a.jpg"));
  asked.known = known;
  const auto fetched = fetch(asked);
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_TRUE(fetched->is_unchanged);
  EXPECT_TRUE(fetched->bytes.empty());
  EXPECT_EQ(fetched->validators, (Validators{.etag = "\"other\"", .last_modified = "yesterday"}));
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nIf-None-Match: \"one\"\r\n"));
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nIf-Modified-Since: yesterday\r\n"));
}

TEST_F(HttpFetchAnswersTest, OnlyWhatIsKnownOfAVersionIsAskedAbout) {
  origin_.on("/a.jpg", "HTTP/1.1 304 Not Modified\r\n\r\n");
  HttpQuestion asked = question(origin_.url("/a.jpg"));
  asked.known = {.etag = "W/\"one\"", .last_modified = ""};
  EXPECT_TRUE(fetch(asked)->is_unchanged);
  EXPECT_THAT(origin_.heads().back(), HasSubstr("\r\nIf-None-Match: W/\"one\"\r\n"));
  EXPECT_THAT(origin_.heads().back(), Not(HasSubstr("If-Modified-Since")));
  asked.known = {.etag = "", .last_modified = "yesterday"};
  EXPECT_TRUE(fetch(asked)->is_unchanged);
  EXPECT_THAT(origin_.heads().back(), HasSubstr("\r\nIf-Modified-Since: yesterday\r\n"));
  EXPECT_THAT(origin_.heads().back(), Not(HasSubstr("If-None-Match")));
}

TEST_F(HttpFetchAnswersTest, AKnownVersionMayHaveChanged) {
  origin_.on("/a.jpg", original("another picture", "ETag: \"two\"\r\n"));
  HttpQuestion asked = question(origin_.url("/a.jpg"));
  asked.known.etag = "\"one\"";
  const auto fetched = fetch(asked);
  EXPECT_FALSE(fetched->is_unchanged);
  EXPECT_EQ(fetched->bytes.view(), "another picture");
  EXPECT_EQ(fetched->validators.etag, "\"two\"");
}

TEST_F(HttpFetchAnswersTest, UnchangedIsNoAnswerToWhoeverKnowsNothing) {
  origin_.on("/a.jpg", "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, AnOriginSaysHowLongAnOriginalIsFresh) {
  origin_.on("/a.jpg", original("a picture",
                                "Cache-Control: public\r\ncache-control: max-age=60\r\n"
                                "Age: 10\r\nExpires: 0\r\n"));
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness,
            (OriginFreshness{.lifetime = std::chrono::seconds(50), .may_be_stale = true}));
  origin_.on("/a.jpg", original("a picture",
                                "Expires: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
                                "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                "Cache-Control: must-revalidate\r\n"));
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness,
            (OriginFreshness{.lifetime = std::chrono::seconds(60), .may_be_stale = false}));
}

TEST_F(HttpFetchAnswersTest, AnOriginNeedNotSayHowLongAnOriginalIsFresh) {
  origin_.on("/a.jpg", original("a picture", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness, OriginFreshness());
}

TEST_F(HttpFetchAnswersTest, AnEmptyExpiresIsNoDateEither) {
  origin_.on("/a.jpg", original("a picture", "Expires:\r\n"));
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness,
            (OriginFreshness{.lifetime = milliseconds(0), .may_be_stale = true}));
}

// By the clock of this machine, which may be any.
TEST_F(HttpFetchAnswersTest, WithoutADateAnOriginalExpiresByOurClock) {
  origin_.on("/past.jpg", original("a picture", "Expires: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  origin_.on("/future.jpg", original("a picture", "Expires: Fri, 31 Dec 9999 23:59:59 GMT\r\n"));
  EXPECT_EQ(fetch(origin_.url("/past.jpg"))->freshness.lifetime, milliseconds(0));
  EXPECT_EQ(fetch(origin_.url("/future.jpg"))->freshness.lifetime, std::chrono::hours(24 * 365));
}

TEST_F(HttpFetchAnswersTest, OnlyTheHeadOfTheAnswerItselfTellsOfFreshness) {
  origin_.on("/a.jpg",
             "HTTP/1.1 103 Early Hints\r\nCache-Control: no-store\r\n\r\n"
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\n"
             "9\r\na picture\r\n0\r\nCache-Control: no-store\r\n\r\n");
  EXPECT_EQ(fetch(origin_.url("/a.jpg"))->freshness,
            (OriginFreshness{.lifetime = std::chrono::seconds(60), .may_be_stale = true}));
}

TEST_F(HttpFetchAnswersTest, OfAFieldWithManyLinesTheFirst32TellOfFreshness) {
  const auto behind = [this](std::size_t lines) {
    std::string fields;
    while (lines-- > 0) fields += "Cache-Control: public\r\n";
    origin_.on("/a.jpg", original("a picture", fields + "Cache-Control: max-age=60\r\n"));
    return fetch(origin_.url("/a.jpg"))->freshness.lifetime;
  };
  EXPECT_EQ(behind(31), std::chrono::minutes(1));
  EXPECT_EQ(behind(32), std::nullopt);
}

TEST_F(HttpFetchAnswersTest, AnUnchangedOriginalIsAsFreshAsTheNewAnswerSays) {
  HttpQuestion asked = question(origin_.url("/a.jpg"));
  asked.known.etag = "\"one\"";
  origin_.on("/a.jpg", "HTTP/1.1 304 Not Modified\r\nCache-Control: s-maxage=60\r\n\r\n");
  EXPECT_EQ(fetch(asked)->freshness,
            (OriginFreshness{.lifetime = std::chrono::seconds(60), .may_be_stale = false}));
  origin_.on("/a.jpg", "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(fetch(asked)->freshness, OriginFreshness());
}

TEST_F(HttpFetchAnswersTest, AnInterimAnswerIsNone) {
  origin_.on("/a.jpg", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + original("a picture"));
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
}

TEST_F(HttpFetchAnswersTest, AHeadWithoutEndIsTheOriginsFault) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Padding: " + std::string(1'000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, AHeadMayHave64KiB) {
  const auto with_padding = [this](std::size_t bytes) {
    std::string fields;
    while (fields.size() < bytes) fields += "X-Padding: " + std::string(1'000, 'x') + "\r\n";
    origin_.on("/a.jpg", original("a picture", fields));
    return failure(origin_.url("/a.jpg"));
  };
  EXPECT_EQ(with_padding(60'000), std::nullopt);
  EXPECT_EQ(with_padding(70'000), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, AFieldWithoutEndIsTheOriginsFault) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nX-Padding: ");
    while (connection.send(std::string(1'000, 'x'))) {
    }
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, WhatIsNoHttpIsTheOriginsFault) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("220 mail.example ESMTP\r\n");
    connection.hang_up();
  });
  EXPECT_EQ(failure(origin_.url("/a.jpg")), ErrorKind::kOrigin);
}

TEST_F(HttpFetchAnswersTest, TheHeaderFieldsOfThePlaceAreSent) {
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content(question(origin_.url("/a.jpg"), {"X-Token: secret", "X-Other: 1"})),
            "a picture");
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nX-Token: secret\r\n"));
  EXPECT_THAT(origin_.heads().front(), HasSubstr("\r\nX-Other: 1\r\n"));
}

TEST_F(HttpFetchAnswersTest, APathStaysAsItIsWritten) {
  origin_.on("/a%2Fb/%41.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/a%2Fb/%41.jpg")), "a picture");
}

// The environment of the program, as it is put behind a proxy.
TEST_F(HttpFetchAnswersTest, NoProxyOfTheEnvironmentIsAsked) {
  testing::TestOrigin proxy;
  const std::string url = proxy.url("");
  for (const char* const name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    ASSERT_EQ(setenv(name, url.c_str(), 1), 0);
  }
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_EQ(proxy.connections(), 0);
  for (const char* const name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    unsetenv(name);
  }
}

}  // namespace
}  // namespace imageserver
