#include "groupcache/rate.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Clock::time_point kStart = Clock::time_point(hours(1000));

TEST(RateTest, WithoutCountsTheRateIsZero) { EXPECT_EQ(Rate().per_second(kStart), 0.0); }

TEST(RateTest, ASteadyStreamHasItsOwnFrequencyAsRate) {
  Rate rate;
  auto now = kStart;
  for (int i = 0; i < 20 * 600; ++i, now += milliseconds(50)) rate.count(now);
  EXPECT_NEAR(rate.per_second(now), 20.0, 0.5);
}

TEST(RateTest, SixtyAMinuteIsOneASecond) {
  Rate rate;
  auto now = kStart;
  for (int i = 0; i < 1200; ++i, now += seconds(1)) rate.count(now);
  EXPECT_NEAR(rate.per_second(now), 1.0, 0.02);
}

TEST(RateTest, HalvesEveryMinute) {
  Rate rate;
  for (int i = 0; i < 100; ++i) rate.count(kStart);
  const double at_first = rate.per_second(kStart);
  EXPECT_NEAR(at_first, 100 / 86.56, 0.01);
  EXPECT_NEAR(rate.per_second(kStart + seconds(60)), at_first / 2, 1e-9);
  EXPECT_NEAR(rate.per_second(kStart + seconds(180)), at_first / 8, 1e-9);
  EXPECT_NEAR(rate.per_second(kStart + hours(24)), 0, 1e-9);
}

TEST(RateTest, AClockThatIsALittleBehindChangesNothing) {
  Rate rate;
  rate.count(kStart);
  const double at_first = rate.per_second(kStart);
  EXPECT_EQ(rate.per_second(kStart - milliseconds(1)), at_first);
  rate.count(kStart - milliseconds(1));
  EXPECT_NEAR(rate.per_second(kStart), 2 * at_first, 1e-9);
}

}  // namespace
}  // namespace imageserver
