#include "http/date.h"

#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace imageserver {
namespace {

constexpr std::time_t kExample = 784'111'777;      // the moment of the examples of RFC 9110, 5.6.7
constexpr std::time_t kNow = 1'767'225'600;        // the beginning of 2026
constexpr std::time_t kIn50Years = 3'345'062'400;  // the beginning of 2076

// Parsed at the beginning of 2026.
std::optional<std::time_t> parsed(std::string_view text) { return parse_http_date(text, kNow); }

TEST(HttpDate, IsFormattedAsHttpWantsIt) {
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(http_date(1709208000), "Thu, 29 Feb 2024 12:00:00 GMT");
}

TEST(HttpDate, KnowsEveryDayAndEveryMonth) {
  constexpr std::time_t kDay = 86'400;
  std::string days;
  for (int day = 0; day < 7; ++day) days += std::string(http_date(day * kDay).substr(0, 5));
  EXPECT_EQ(days, "Thu, Fri, Sat, Sun, Mon, Tue, Wed, ");
  std::string months;
  for (int month = 0; month < 12; ++month) {
    // The 15th or so of each month of 1970.
    const std::time_t middle = 14 * kDay + month * 2'629'800;
    months += std::string(http_date(middle).substr(8, 4));
  }
  EXPECT_EQ(months, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ");
}

TEST(HttpDate, IsFormattedBefore1970AsWell) {
  std::string first;
  std::thread([&first] { first = http_date(-1); }).join();
  EXPECT_EQ(first, "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(HttpDate, IsReadInThreeForms) {
  EXPECT_EQ(parsed("Sun, 06 Nov 1994 08:49:37 GMT"), kExample);
  EXPECT_EQ(parsed("Sunday, 06-Nov-94 08:49:37 GMT"), kExample);
  EXPECT_EQ(parsed("Sun Nov  6 08:49:37 1994"), kExample);
}

TEST(HttpDate, IsReadAsItIsFormatted) {
  for (std::time_t moment = -62'000'000'000; moment < 200'000'000'000; moment += 98'765'432) {
    EXPECT_EQ(parsed(http_date(moment)), moment) << http_date(moment);
  }
}

TEST(HttpDate, AnyDayOfAMonthIsReadInEachForm) {
  EXPECT_EQ(parsed("Thu Nov 17 08:49:37 1994"), kExample + 11 * 86'400);
  EXPECT_EQ(parsed("Sun Nov 06 08:49:37 1994"), kExample);
  EXPECT_EQ(parsed("Thursday, 17-Nov-94 08:49:37 GMT"), kExample + 11 * 86'400);
}

TEST(HttpDate, EachDayOfTheWeekIsReadInEachForm) {
  constexpr auto kDays = std::to_array<std::string_view>(
      {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"});
  for (const std::string_view day : kDays) {
    const std::string name(day.substr(0, 3));
    EXPECT_EQ(parsed(name + ", 06 Nov 1994 08:49:37 GMT"), kExample) << day;
    EXPECT_EQ(parsed(std::string(day) + ", 06-Nov-94 08:49:37 GMT"), kExample) << day;
    EXPECT_EQ(parsed(name + " Nov  6 08:49:37 1994"), kExample) << day;
  }
}

TEST(HttpDate, TheCaseOfLettersDoesNotCount) {
  EXPECT_EQ(parsed("SUN, 06 nov 1994 08:49:37 gMT"), kExample);
  EXPECT_EQ(parsed("sunDAY, 06-NOV-94 08:49:37 gmt"), kExample);
  EXPECT_EQ(parsed("sun NOV  6 08:49:37 1994"), kExample);
}

TEST(HttpDate, AYearOfTwoDigitsIsTheLatestThatIsNotTooFarAway) {
  EXPECT_EQ(parsed("Friday, 01-Jan-26 00:00:00 GMT"), kNow);
  EXPECT_EQ(parsed("Saturday, 01-Jan-00 00:00:00 GMT"), 946'684'800);
  EXPECT_EQ(parsed("Tuesday, 31-Dec-75 23:59:59 GMT"), kIn50Years - 1);
  EXPECT_EQ(parsed("Wednesday, 01-Jan-76 03:00:00 GMT"), kIn50Years + 3 * 3'600)
      << "50 years of 365.2425 days";
  EXPECT_EQ(parsed("Thursday, 01-Jan-76 03:00:01 GMT"), 189'313'201) << "that of 1976";
  EXPECT_EQ(parsed("Friday, 31-Dec-76 23:59:59 GMT"), 220'924'799) << "that of 1976";
  EXPECT_EQ(parsed("Friday, 01-Jan-77 00:00:00 GMT"), 220'924'800) << "that of 1977";
  EXPECT_EQ(parse_http_date("Friday, 01-Jan-10 00:00:00 GMT", kIn50Years), 4'417'977'600)
      << "that of 2110";
}

TEST(HttpDate, ADayOfAYearOfTwoDigitsExistsInTheYearThatIsMeant) {
  EXPECT_EQ(parsed("Tuesday, 29-Feb-00 00:00:00 GMT"), 951'782'400);
  EXPECT_EQ(parsed("Monday, 29-Feb-99 00:00:00 GMT"), std::nullopt);
}

TEST(HttpDate, OnlyDaysAndTimesThatExistAreDates) {
  EXPECT_TRUE(parsed("Thu, 29 Feb 2024 00:00:00 GMT"));
  EXPECT_EQ(parsed("Sat, 31 Dec 2016 23:59:60 GMT"), 1'483'228'800) << "a leap second";
  for (const std::string_view text :
       {"Wed, 29 Feb 2023 00:00:00 GMT", "Thu, 00 Jan 2026 00:00:00 GMT",
        "Fri, 31 Apr 2026 00:00:00 GMT", "Fri, 32 Jan 2026 00:00:00 GMT",
        "Thu, 01 Jan 2026 24:00:00 GMT", "Thu, 01 Jan 2026 00:60:00 GMT",
        "Thu, 01 Jan 2026 00:00:61 GMT", "Xyz, 01 Jan 2026 00:00:00 GMT",
        "Thu, 01 Xyz 2026 00:00:00 GMT", "Xyzday, 01-Jan-26 00:00:00 GMT",
        "Xyz Jan  1 00:00:00 2026", "Thu Jan  0 00:00:00 2026"}) {
    EXPECT_EQ(parsed(text), std::nullopt) << text;
  }
}

TEST(HttpDate, NothingElseIsADate) {
  for (const std::string_view text :
       {"",
        "0",
        "-1",
        "now",
        "784111777",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06  Nov  1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 November 1994 08:49:37 GMT",
        "Sun, 06 Nov 11994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunday",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov    08:49:37 1994",
        "Sun Nov 6  08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sunday Nov  6 08:49:37 1994",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov -994 08:49:37 GMT"}) {
    EXPECT_EQ(parsed(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace imageserver
