#include "peers/breaker.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

class BreakerTest : public ::testing::Test {
 protected:
  using State = Breaker::State;

  // The pause after the failure that opens it.
  milliseconds open() {
    for (int i = 1; i < Breaker::kFailures; ++i) EXPECT_EQ(breaker_.failed(), std::nullopt);
    const auto pause = breaker_.failed();
    EXPECT_TRUE(pause.has_value());
    return pause.value_or(milliseconds(0));
  }

  double random_ = 0.5;  // pauses are as long as they say
  Breaker breaker_{[this] { return random_; }};
};

TEST_F(BreakerTest, FiveFailuresInARowOpenIt) {
  EXPECT_TRUE(breaker_.allows());
  EXPECT_EQ(open(), milliseconds(1'000));
  EXPECT_FALSE(breaker_.allows());
  EXPECT_EQ(breaker_.state(), State::kOpen);
}

TEST_F(BreakerTest, AnAnswerInBetweenStartsTheCountAnew) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i < Breaker::kFailures; ++i) EXPECT_EQ(breaker_.failed(), std::nullopt);
    breaker_.succeeded();
  }
  EXPECT_TRUE(breaker_.allows());
}

TEST_F(BreakerTest, AnOpenBreakerIsNotOpenedAgain) {
  open();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(breaker_.failed(), std::nullopt) << "one probe is enough";
}

TEST_F(BreakerTest, OnlyAProbeClosesIt) {
  open();
  breaker_.succeeded();
  EXPECT_FALSE(breaker_.allows()) << "that answer is from before";
  breaker_.probing();
  EXPECT_EQ(breaker_.state(), State::kHalfOpen);
  EXPECT_FALSE(breaker_.allows());
  EXPECT_EQ(breaker_.probed(true), std::nullopt);
  EXPECT_TRUE(breaker_.allows());
  breaker_.succeeded();
  EXPECT_EQ(open(), milliseconds(1'000)) << "and it takes five again";
}

TEST_F(BreakerTest, ThePauseGrowsForAPeerThatAnswersOnlyProbes) {
  for (const int seconds : {1, 2, 4, 8}) {
    EXPECT_EQ(open(), std::chrono::seconds(seconds));
    EXPECT_EQ(breaker_.probed(true), std::nullopt);
  }
}

TEST_F(BreakerTest, ThePauseDoublesUpToHalfAMinute) {
  open();
  for (const int seconds : {2, 4, 8, 16, 30, 30, 30}) {
    breaker_.probing();
    EXPECT_EQ(breaker_.probed(false), std::chrono::seconds(seconds));
    EXPECT_FALSE(breaker_.allows());
  }
}

TEST_F(BreakerTest, ThePauseVariesByAFifth) {
  random_ = 0;
  EXPECT_EQ(open(), milliseconds(800));
  random_ = 1;
  EXPECT_EQ(breaker_.probed(false), milliseconds(2'400));
}

}  // namespace
}  // namespace imageserver
