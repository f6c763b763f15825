#include "source/origin_freshness.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <ostream>
#include <string>
#include <vector>

namespace imageserver {

void PrintTo(const OriginFreshness& freshness, std::ostream* out) {
  *out << "lifetime "
       << (freshness.lifetime ? std::to_string(freshness.lifetime->count()) + " ms" : "unsaid")
       << (freshness.may_be_stale ? "" : ", never stale");
}

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::time_t kReceived = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr hours kYear{24 * 365};
constexpr const char* kDate = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kMinuteLater = "Sun, 06 Nov 1994 08:50:37 GMT";

constexpr OriginFreshness kSaysNothing{};
constexpr OriginFreshness kStale{.lifetime = seconds(0), .may_be_stale = true};
constexpr OriginFreshness kNeverReused{.lifetime = seconds(0), .may_be_stale = false};
constexpr OriginFreshness kNeverStale{.lifetime = {}, .may_be_stale = false};

constexpr OriginFreshness fresh_for(seconds lifetime) {
  return {.lifetime = lifetime, .may_be_stale = true};
}

constexpr OriginFreshness only_fresh_for(seconds lifetime) {
  return {.lifetime = lifetime, .may_be_stale = false};
}

OriginFreshness freshness(const FreshnessFields& fields) {
  return origin_freshness(fields, kReceived);
}

struct Row {
  const char* cache_control;
  OriginFreshness freshness;
};

void expect_each(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(freshness({.cache_control = {row.cache_control}}), row.freshness)
        << row.cache_control;
  }
}

TEST(OriginFreshnessTest, WithoutAnyFieldNothingIsSaid) {
  EXPECT_EQ(freshness({}), kSaysNothing);
  EXPECT_EQ(freshness({.date = {kDate}, .age = {"5"}}), kSaysNothing);
}

TEST(OriginFreshnessTest, EachDirectiveSaysWhatTheStandardSays) {
  expect_each({
      {"", kSaysNothing},
      {"public", kSaysNothing},
      {"no-transform, immutable, must-understand", kSaysNothing},
      {"max-age=60", fresh_for(minutes(1))},
      {"max-age=0", kStale},
      {"s-maxage=60", only_fresh_for(minutes(1))},
      {"s-maxage=0", kNeverReused},
      {"must-revalidate", kNeverStale},
      {"proxy-revalidate", kNeverStale},
      {"no-store", kNeverReused},
      {"no-cache", kNeverReused},
      {"private", kNeverReused},
  });
}

TEST(OriginFreshnessTest, TheMostRestrictiveOfDirectivesCounts) {
  expect_each({
      {"max-age=60, must-revalidate", only_fresh_for(minutes(1))},
      {"proxy-revalidate, max-age=60", only_fresh_for(minutes(1))},
      {"max-age=60, no-store", kNeverReused},
      {"no-cache, max-age=60", kNeverReused},
      {"private, s-maxage=60", kNeverReused},
      {"public, private, max-age=60", kNeverReused},
  });
}

TEST(OriginFreshnessTest, ASharedCacheHearsSMaxageFirst) {
  expect_each({
      {"max-age=60, s-maxage=3600", only_fresh_for(hours(1))},
      {"s-maxage=60, max-age=3600", only_fresh_for(minutes(1))},
      {"s-maxage=x, max-age=3600", kNeverReused},
      {"s-maxage=60, max-age=x", only_fresh_for(minutes(1))},
  });
}

TEST(OriginFreshnessTest, NoCacheAndPrivateForSomeFieldsCountForAll) {
  expect_each({
      {"no-cache=\"set-cookie\", max-age=60", kNeverReused},
      {"private=\"set-cookie, x\", max-age=60", kNeverReused},
      {"max-age=60, private=x", kNeverReused},
  });
}

TEST(OriginFreshnessTest, TheCaseOfDirectivesDoesNotCount) {
  expect_each({
      {"Max-Age=60", fresh_for(minutes(1))},
      {"S-MAXAGE=60", only_fresh_for(minutes(1))},
      {"MAX-AGE=60, Must-Revalidate", only_fresh_for(minutes(1))},
      {"NO-STORE", kNeverReused},
      {"No-Cache", kNeverReused},
      {"Private", kNeverReused},
  });
}

TEST(OriginFreshnessTest, UnknownDirectivesAreIgnored) {
  expect_each({
      {"no-stores, max-ages=5, max-age=60, x=y", fresh_for(minutes(1))},
      {"x=\"max-age=5, no-store\", max-age=60", fresh_for(minutes(1))},
      {"max-age=60, x=\"s-maxage=5, no-store\"", fresh_for(minutes(1))},
      {"max-age=60, x=\"\\\", no-store\"", fresh_for(minutes(1))},
  });
}

TEST(OriginFreshnessTest, ANumberMayBeQuotedAndHaveZerosInFront) {
  expect_each({
      {"max-age=\"60\"", fresh_for(minutes(1))},
      {"s-maxage=\"\\60\"", only_fresh_for(minutes(1))},
      {"max-age=0060", fresh_for(minutes(1))},
      {"max-age=00000000000000000000000000000060", fresh_for(minutes(1))},
  });
}

TEST(OriginFreshnessTest, ANumberThatIsNoneLeavesNoLifetime) {
  for (const std::string number : {"", "=", "=-1", "=+60", "=60.0", "=6e1", "=0x60", "=60s", "=x60",
                                   "='60'", "=\"\"", "=\" 60\"", "=\"60, 70\"", "=infinity"}) {
    EXPECT_EQ(freshness({.cache_control = {"max-age" + number}}), kStale) << number;
    EXPECT_EQ(freshness({.cache_control = {"s-maxage" + number}}), kNeverReused) << number;
  }
}

TEST(OriginFreshnessTest, ALifetimeIsAYearAtMost) {
  for (const std::string number :
       {"31536000", "31536001", "2147483647", "2147483648", "2147483649", "4294967297",
        "9223372036854775807", "9223372036854775808", "18446744073709551617",
        "100000000000000000000000000000000000"}) {
    EXPECT_EQ(freshness({.cache_control = {"max-age=" + number}}), fresh_for(kYear)) << number;
  }
  EXPECT_EQ(freshness({.cache_control = {"max-age=31535999"}}), fresh_for(kYear - seconds(1)));
  EXPECT_EQ(freshness({.expires = {"Thu, 31 Dec 9999 23:59:59 GMT"}, .date = {kDate}}),
            fresh_for(kYear));
}

TEST(OriginFreshnessTest, WhatIsNoListMayHideAnything) {
  for (const char* const line :
       {"max-age=60 no-store", "no-store; max-age=60", "max-age=60;", "max-age = 60", "max-age= 60",
        "max-age=60, x=\"no-store", "max-age=60, x=\"\\\", no-store",
        "max-age=60, =", "max-age=60\x01"}) {
    EXPECT_EQ(freshness({.cache_control = {line}}), kNeverReused) << line;
    EXPECT_EQ(freshness({.cache_control = {line, "max-age=60"}}), kNeverReused) << line;
    EXPECT_EQ(freshness({.cache_control = {"max-age=60", line}}), kNeverReused) << line;
  }
}

TEST(OriginFreshnessTest, SeveralLinesAreOneList) {
  EXPECT_EQ(freshness({.cache_control = {"max-age=60", "must-revalidate"}}),
            only_fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.cache_control = {"public", "max-age=60", ""}}), fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.cache_control = {"max-age=60", "public", "no-store"}}), kNeverReused);
  EXPECT_EQ(freshness({.cache_control = {"max-age=60", "s-maxage=5"}}), only_fresh_for(seconds(5)));
}

TEST(OriginFreshnessTest, OfWhatIsSaidTwiceTheFirstCounts) {
  EXPECT_EQ(freshness({.cache_control = {"max-age=60, max-age=5"}}), fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.cache_control = {"max-age=5", "max-age=60"}}), fresh_for(seconds(5)));
  EXPECT_EQ(freshness({.cache_control = {"max-age=0, max-age=60"}}), kStale);
  EXPECT_EQ(freshness({.cache_control = {"max-age=x, max-age=60"}}), kStale);
  EXPECT_EQ(freshness({.cache_control = {"s-maxage=5, s-maxage=60"}}), only_fresh_for(seconds(5)));
  EXPECT_EQ(freshness({.expires = {kMinuteLater, kDate}, .date = {kDate, kMinuteLater}}),
            fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.expires = {"0", kMinuteLater}, .date = {kDate}}), kStale);
}

TEST(OriginFreshnessTest, ExpiresCountsFromTheDateOfTheAnswer) {
  EXPECT_EQ(freshness({.expires = {kMinuteLater}, .date = {kDate}}), fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.expires = {"Mon, 07 Nov 2050 08:50:37 GMT"},
                       .date = {"Mon, 07 Nov 2050 08:49:37 GMT"}}),
            fresh_for(minutes(1)))
      << "the clock of the origin is another one";
  EXPECT_EQ(freshness({.expires = {"Sunday, 06-Nov-94 08:50:37 GMT"},
                       .date = {"Sun Nov  6 08:49:37 1994"}}),
            fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.expires = {kDate}, .date = {kDate}}), kStale);
  EXPECT_EQ(freshness({.expires = {kDate}, .date = {kMinuteLater}}), kStale);
}

TEST(OriginFreshnessTest, WithoutADateExpiresCountsFromWhenTheAnswerCame) {
  EXPECT_EQ(freshness({.expires = {kMinuteLater}}), fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.expires = {kDate}}), kStale);
  EXPECT_EQ(freshness({.expires = {kMinuteLater}, .date = {"today"}}), fresh_for(minutes(1)));
}

TEST(OriginFreshnessTest, ExpiresThatIsNoDateIsPast) {
  for (const char* const value :
       {"0", "-1", "", "never", "2147483647", "Fri, 31 Dec 9999 23:59:59 UTC",
        "Thu, 31 Dec 9999 23:59:59 GMT, Thu, 31 Dec 9999 23:59:59 GMT"}) {
    EXPECT_EQ(freshness({.expires = {value}, .date = {kDate}}), kStale) << value;
  }
}

TEST(OriginFreshnessTest, ExpiresIsIgnoredBesideSeconds) {
  EXPECT_EQ(freshness({.cache_control = {"max-age=5"}, .expires = {kMinuteLater}}),
            fresh_for(seconds(5)));
  EXPECT_EQ(freshness({.cache_control = {"s-maxage=5"}, .expires = {"0"}}),
            only_fresh_for(seconds(5)));
  EXPECT_EQ(freshness({.cache_control = {"max-age=x"}, .expires = {kMinuteLater}}), kStale);
}

TEST(OriginFreshnessTest, OtherDirectivesCountBesideExpires) {
  EXPECT_EQ(freshness({.cache_control = {"public"}, .expires = {kMinuteLater}}),
            fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.cache_control = {"must-revalidate"}, .expires = {kMinuteLater}}),
            only_fresh_for(minutes(1)));
  EXPECT_EQ(freshness({.cache_control = {"no-cache"}, .expires = {kMinuteLater}}), kNeverReused);
}

TEST(OriginFreshnessTest, TheAgeIsGone) {
  const auto aged = [](const std::string& age) {
    return freshness({.cache_control = {"max-age=60"}, .age = {age}});
  };
  EXPECT_EQ(aged("0"), fresh_for(minutes(1)));
  EXPECT_EQ(aged("10"), fresh_for(seconds(50)));
  EXPECT_EQ(aged(" 010 "), fresh_for(seconds(50)));
  for (const char* const age : {"60", "61", "2147483648", "99999999999999999999999999"}) {
    EXPECT_EQ(aged(age), kStale) << age;
  }
  EXPECT_EQ(freshness({.cache_control = {"s-maxage=60"}, .age = {"10"}}),
            only_fresh_for(seconds(50)));
  EXPECT_EQ(freshness({.expires = {kMinuteLater}, .date = {kDate}, .age = {"10"}}),
            fresh_for(seconds(50)));
}

TEST(OriginFreshnessTest, TheAgeIsGoneBeforeTheLifetimeIsCutToAYear) {
  EXPECT_EQ(freshness({.cache_control = {"max-age=2147483648"}, .age = {"2115947648"}}),
            fresh_for(kYear));
  EXPECT_EQ(freshness({.cache_control = {"max-age=99999999999"}, .age = {"2115947649"}}),
            fresh_for(kYear - seconds(1)))
      << "seconds are counted to 2^31";
  EXPECT_EQ(freshness({.cache_control = {"max-age=99999999999"}, .age = {"99999999999"}}), kStale);
}

TEST(OriginFreshnessTest, OfSeveralAgesTheFirstCountsAndOneThatIsNoNumberIsIgnored) {
  const auto aged = [](const std::vector<std::string>& ages) {
    return freshness({.cache_control = {"max-age=60"}, .age = ages});
  };
  EXPECT_EQ(aged({"10, 20"}), fresh_for(seconds(50)));
  EXPECT_EQ(aged({"10", "20"}), fresh_for(seconds(50)));
  for (const char* const age : {"", "x", "-10", "10.0", "10;x", "x, 10", ", 10"}) {
    EXPECT_EQ(aged({age, "20"}), fresh_for(minutes(1))) << age;
  }
}

}  // namespace
}  // namespace imageserver
