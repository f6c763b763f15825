#include "groupcache/hybrid_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "support/purges.h"

namespace imageserver {
namespace {

using testing::kHour;
using testing::kNoon;

class HybridClockTest : public ::testing::Test {
 protected:
  testing::WallClock wall_;
  HybridClock clock_{wall_.wall()};
};

TEST_F(HybridClockTest, ShowsTheWallClock) {
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 0}));
  wall_.set(kNoon + 1);
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon + 1, 0}));
}

TEST_F(HybridClockTest, CountsWithinAMillisecond) {
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 0}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 1}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 2}));
}

TEST_F(HybridClockTest, GoesOnWhenTheWallClockIsSetBack) {
  const HybridTime before = clock_.now();
  wall_.set(kNoon - kHour);
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 1}));
  EXPECT_LT(before, clock_.now());
}

TEST_F(HybridClockTest, IsLaterThanWhatItLearnedOf) {
  EXPECT_TRUE(clock_.learn({kNoon + kHour, 5}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon + kHour, 6}));
  EXPECT_TRUE(clock_.learn({kNoon, 9}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon + kHour, 7}));
}

TEST_F(HybridClockTest, BehindTheLastCountComesTheNextMillisecond) {
  EXPECT_TRUE(clock_.learn({kNoon, UINT32_MAX}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon + 1, 0}));
}

TEST_F(HybridClockTest, RefusesWhatIsMoreThanADayAhead) {
  EXPECT_FALSE(clock_.learn({kNoon + 24 * kHour + 1, 0}));
  EXPECT_FALSE(clock_.learn({UINT64_MAX, UINT32_MAX}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon, 0}));
  EXPECT_TRUE(clock_.learn({kNoon + 24 * kHour, 3}));
  EXPECT_EQ(clock_.now(), (HybridTime{kNoon + 24 * kHour, 4}));
}

TEST_F(HybridClockTest, ItsOwnTimesAreNeverAhead) {
  const HybridTime before = clock_.now();
  wall_.set(kNoon - 48 * kHour);
  EXPECT_TRUE(clock_.learn(before));
  EXPECT_FALSE(clock_.learn({kNoon, 1}));
}

TEST_F(HybridClockTest, AWallClockBefore1970StandsAtItsBeginning) {
  HybridClock clock([] { return std::chrono::system_clock::time_point(std::chrono::hours(-1)); });
  EXPECT_EQ(clock.now(), (HybridTime{0, 1}));
}

TEST(HybridClockThreadsTest, GivesNoTimeTwice) {
  HybridClock clock;
  std::vector<std::vector<HybridTime>> times(4);
  std::vector<std::thread> threads;
  for (auto& own : times) {
    threads.emplace_back([&clock, &own] {
      for (int i = 0; i < 1000; ++i) own.push_back(clock.now());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<HybridTime> all;
  for (const auto& own : times) {
    EXPECT_TRUE(std::ranges::is_sorted(own));
    all.insert(all.end(), own.begin(), own.end());
  }
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

}  // namespace
}  // namespace imageserver
