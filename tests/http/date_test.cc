#include "http/date.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace imageserver {
namespace {

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

}  // namespace
}  // namespace imageserver
