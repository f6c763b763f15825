#include "http/pace.h"

#include <gtest/gtest.h>

#include <chrono>

namespace imageserver {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRate = 1000;

class PaceTest : public testing::Test {
 protected:
  // A client that takes so many bytes between two looks, for so many looks: the look that found it
  // too slow, from 1; 0 if none did.
  int looks_until_too_slow(std::uint64_t bytes, int looks) {
    for (int i = 1; i <= looks; ++i) {
      taken_ += bytes;
      now_ = pace_.next_look();
      if (!pace_.look(now_, taken_, kRate)) return i;
    }
    return 0;
  }

  PaceTest() { pace_.restart(now_, taken_); }

  Pace pace_{30s};
  Deadline now_ = Deadline() + 1h;
  std::uint64_t taken_ = 12345;
};

TEST_F(PaceTest, LooksThreeTimesInAWindow) {
  EXPECT_EQ(pace_.next_look(), now_ + 10s);
  EXPECT_EQ(Pace::between_looks(30s), 10s);
}

TEST_F(PaceTest, WhoTakesAsMuchAsIsAskedForKeepsUp) {
  EXPECT_EQ(looks_until_too_slow(10'000, 100), 0);
}

TEST_F(PaceTest, WhoTakesLessIsTooSlowAfterAWindow) {
  EXPECT_EQ(looks_until_too_slow(9'999, 100), 3);
}

TEST_F(PaceTest, WhoTakesNothingIsTooSlowAfterAWindow) {
  EXPECT_EQ(looks_until_too_slow(0, 100), 3);
}

TEST_F(PaceTest, WhoTakesAllAtOnceInAWindowKeepsUp) {
  EXPECT_EQ(looks_until_too_slow(0, 2), 0);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(looks_until_too_slow(30'000, 1), 0);
    EXPECT_EQ(looks_until_too_slow(0, 2), 0);
  }
}

TEST_F(PaceTest, WhoStopsIsTooSlowAWindowLaterHoweverFastItWas) {
  EXPECT_EQ(looks_until_too_slow(100'000'000, 10), 0);
  EXPECT_EQ(looks_until_too_slow(0, 10), 3);
}

TEST_F(PaceTest, ALateLookAsksForMore) {
  EXPECT_EQ(looks_until_too_slow(10'000, 2), 0);
  EXPECT_FALSE(pace_.look(now_ + 20s, taken_ + 19'999, kRate));
}

TEST_F(PaceTest, BeginsAnewWhereALookWasLeftOut) {
  EXPECT_EQ(looks_until_too_slow(0, 2), 0);
  EXPECT_TRUE(pace_.runs(now_ + 9s));
  EXPECT_FALSE(pace_.runs(now_ + 10s));
  pace_.restart(now_ + 10s, taken_);
  EXPECT_EQ(looks_until_too_slow(0, 10), 3);
}

}  // namespace
}  // namespace imageserver
