#include "options/flag_values.h"

#include <gtest/gtest.h>

#include <limits>

namespace imageserver {
namespace {

using std::chrono::milliseconds;

TEST(FlagValues, IntegersLieBetweenTheirBounds) {
  EXPECT_EQ(parse_integer_between("0", 0, 10), 0);
  EXPECT_EQ(parse_integer_between("10", 0, 10), 10);
  EXPECT_EQ(parse_integer_between("-3", -3, 10), -3);
  for (const char* text :
       {"", "11", "-1", "x", "1x", " 1", "1 ", "+1", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(parse_integer_between(text, 0, 10), std::nullopt) << text;
  }
}

TEST(FlagValues, ByteSizesWithAndWithoutUnits) {
  EXPECT_EQ(parse_byte_size("134217728"), 134217728);
  EXPECT_EQ(parse_byte_size("128MiB"), 134217728);
  EXPECT_EQ(parse_byte_size("64KiB"), 65536);
  EXPECT_EQ(parse_byte_size("1GiB"), 1073741824);
  EXPECT_EQ(parse_byte_size("2kB"), 2000);
  EXPECT_EQ(parse_byte_size("2MB"), 2000000);
  EXPECT_EQ(parse_byte_size("2GB"), 2000000000);
  EXPECT_EQ(parse_byte_size("-1"), -1);
  EXPECT_EQ(parse_byte_size("0KiB"), 0);
}

TEST(FlagValues, OtherByteSizesAreRefused) {
  for (const char* text :
       {"", "MiB", "1 MiB", "1mib", "1M", "1KB", "1.5GiB", "9223372036854775807KiB",
        "-9223372036854775807KiB", "9223372036854775808", "--1"}) {
    EXPECT_EQ(parse_byte_size(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_byte_size("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
}

TEST(FlagValues, DurationsAreWrittenAsInGo) {
  EXPECT_EQ(parse_duration("10s"), milliseconds(10'000));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("1m"), milliseconds(60'000));
  EXPECT_EQ(parse_duration("1m30s"), milliseconds(90'000));
  EXPECT_EQ(parse_duration("1h2m3s4ms"), milliseconds(3'723'004));
  EXPECT_EQ(parse_duration("24h"), kMaxDuration);
}

TEST(FlagValues, OtherDurationsAreRefused) {
  for (const char* text :
       {"", "0", "0s", "10", "s", "-1s", "+1s", "1.5s", "1s ", "1 s", "1d", "1us", "1m-30s",
        "24h1ms", "12h13h", "9223372036854775807h", "99999999999999999999s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace imageserver
