#include "base/breaker.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

class BreakerTest : public ::testing::Test {
 protected:
  using State = Breaker::State;
  using Permit = Breaker::Permit;

  // The pause after the failure that opens it.
  milliseconds open() {
    for (int i = 1; i < Breaker::kFailures; ++i) EXPECT_EQ(breaker_.failed(), std::nullopt);
    const auto pause = breaker_.failed();
    EXPECT_TRUE(pause.has_value());
    return pause.value_or(milliseconds(0));
  }

  void half_open() {
    open();
    EXPECT_EQ(breaker_.probed(true), std::nullopt);
    EXPECT_EQ(breaker_.state(), State::kHalfOpen);
  }

  void close_by_trials() {
    half_open();
    for (int i = 0; i < Breaker::kTrials; ++i) try_well();
    EXPECT_TRUE(breaker_.closed());
  }

  void try_well() {
    EXPECT_EQ(breaker_.permit(), Permit::kTrial);
    breaker_.succeeded();
  }

  void succeed(int times) {
    for (int i = 0; i < times; ++i) breaker_.succeeded();
  }

  double random_ = 0.5;  // pauses are as long as they say
  Breaker breaker_{[this] { return random_; }};
};

TEST_F(BreakerTest, FiveFailuresInARowOpenIt) {
  EXPECT_EQ(breaker_.permit(), Permit::kYes);
  EXPECT_EQ(open(), milliseconds(500));
  EXPECT_EQ(breaker_.permit(), Permit::kNo);
  EXPECT_EQ(breaker_.state(), State::kOpen);
}

TEST_F(BreakerTest, AnotherNumberOfFailuresMayOpenIt) {
  Breaker quick([] { return 0.5; }, 1);
  EXPECT_EQ(quick.failed(), milliseconds(500));
  EXPECT_EQ(quick.permit(), Permit::kNo);
  Breaker slow([] { return 0.5; }, 7);
  for (int i = 1; i < 7; ++i) EXPECT_EQ(slow.failed(), std::nullopt);
  EXPECT_EQ(slow.failed(), milliseconds(500));
}

TEST_F(BreakerTest, AnAnswerInBetweenStartsTheCountAnew) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i < Breaker::kFailures; ++i) EXPECT_EQ(breaker_.failed(), std::nullopt);
    breaker_.succeeded();
  }
  EXPECT_TRUE(breaker_.closed());
}

TEST_F(BreakerTest, AnOpenOneIsNotOpenedOnceMore) {
  open();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(breaker_.failed(), std::nullopt) << "one probe is enough";
    EXPECT_EQ(breaker_.strayed(true), std::nullopt);
    EXPECT_EQ(breaker_.found_silent(), std::nullopt);
  }
}

TEST_F(BreakerTest, ANodeThatIsFoundSilentIsNotAskedFromThenOn) {
  succeed(100);
  EXPECT_EQ(breaker_.found_silent(), milliseconds(500));
  EXPECT_EQ(breaker_.permit(), Permit::kNo);
}

TEST_F(BreakerTest, AnAnswerFromBeforeItOpenedChangesNothing) {
  open();
  succeed(100);
  EXPECT_EQ(breaker_.state(), State::kOpen);
}

TEST_F(BreakerTest, AnAnswerFromBeforeItOpenedIsNoneOfThoseThatEndAProbation) {
  close_by_trials();
  EXPECT_EQ(breaker_.strayed(true), milliseconds(1'000));
  succeed(Breaker::kSteady);
  EXPECT_EQ(breaker_.probed(false), milliseconds(2'000)) << "the pauses do not begin anew";
}

TEST_F(BreakerTest, AProbeAloneDoesNotCloseIt) {
  half_open();
  EXPECT_FALSE(breaker_.closed());
}

TEST_F(BreakerTest, AHalfOpenOneLetsOneRequestThroughAtATime) {
  half_open();
  EXPECT_EQ(breaker_.permit(), Permit::kTrial);
  EXPECT_EQ(breaker_.permit(), Permit::kNo);
  breaker_.trial_ended();
  EXPECT_EQ(breaker_.permit(), Permit::kTrial) << "the last one showed nothing";
  breaker_.succeeded();
  for (int i = 1; i < Breaker::kTrials; ++i) {
    EXPECT_FALSE(breaker_.closed()) << "one good trial is not enough";
    try_well();
  }
  EXPECT_TRUE(breaker_.closed());
}

TEST_F(BreakerTest, ATrialThatFailsOpensItAgainForTwiceAsLong) {
  half_open();
  EXPECT_EQ(breaker_.permit(), Permit::kTrial);
  EXPECT_EQ(breaker_.failed(), milliseconds(1'000));
  EXPECT_EQ(breaker_.probed(true), std::nullopt);
  EXPECT_EQ(breaker_.permit(), Permit::kTrial);
  EXPECT_EQ(breaker_.strayed(false), milliseconds(2'000)) << "a late one fails, too";
}

TEST_F(BreakerTest, HalfOfTheLastRequestsLateOrWrongOpenIt) {
  succeed(100);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(breaker_.strayed(true), std::nullopt) << i;
    breaker_.succeeded();
  }
  EXPECT_EQ(breaker_.strayed(true), milliseconds(500)) << "the tenth of twenty";
}

TEST_F(BreakerTest, FewLateOnesAreNotMostOfThem) {
  for (int i = 1; i < Breaker::kFewestStrays; ++i) {
    EXPECT_EQ(breaker_.strayed(true), std::nullopt);
  }
  EXPECT_EQ(breaker_.strayed(true), milliseconds(500));
}

TEST_F(BreakerTest, AThirdOfTheRequestsLateKeepsItClosed) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(breaker_.strayed(true), std::nullopt) << i;
    succeed(2);
  }
}

TEST_F(BreakerTest, LateOnesInARowOpenItWhateverWasBefore) {
  succeed(100);
  for (int i = 1; i < Breaker::kStraysInARow; ++i) {
    EXPECT_EQ(breaker_.strayed(true), std::nullopt);
  }
  EXPECT_EQ(breaker_.strayed(true), milliseconds(500));
}

TEST_F(BreakerTest, ANodeThatMayNotBeLeftOutIsAsked) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(breaker_.strayed(false), std::nullopt);
  EXPECT_TRUE(breaker_.closed());
  EXPECT_EQ(breaker_.strayed(true), milliseconds(500)) << "until it may";
}

TEST_F(BreakerTest, WhatWasClosedByTrialsIsOnProbation) {
  EXPECT_TRUE(breaker_.steady());
  close_by_trials();
  EXPECT_TRUE(breaker_.closed());
  EXPECT_FALSE(breaker_.steady());
  EXPECT_EQ(breaker_.permit(), Permit::kOnProbation);
  succeed(Breaker::kSteady);
  EXPECT_TRUE(breaker_.steady());
  EXPECT_EQ(breaker_.permit(), Permit::kYes);
}

TEST_F(BreakerTest, OnProbationOneLateAnswerIsEnough) {
  close_by_trials();
  succeed(Breaker::kSteady - 1);
  EXPECT_EQ(breaker_.strayed(true), milliseconds(1'000));
}

TEST_F(BreakerTest, ANodeOnProbationThatMayNotBeLeftOutIsAsked) {
  close_by_trials();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(breaker_.strayed(false), std::nullopt);
}

TEST_F(BreakerTest, ProbationEndsAfterTwentyGoodAnswersInARow) {
  close_by_trials();
  succeed(Breaker::kSteady);
  for (int i = 1; i < Breaker::kStraysInARow; ++i) {
    EXPECT_EQ(breaker_.strayed(true), std::nullopt) << "one is not enough any more";
  }
  EXPECT_EQ(breaker_.strayed(true), milliseconds(500)) << "and the pauses begin anew";
}

TEST_F(BreakerTest, ANodeThatAnswersNothingButProbesIsLeftAloneLongerAndLonger) {
  half_open();
  for (const int pause : {1'000, 2'000, 4'000, 8'000, 8'000}) {
    EXPECT_EQ(breaker_.permit(), Permit::kTrial);
    EXPECT_EQ(breaker_.strayed(true), milliseconds(pause));
    EXPECT_EQ(breaker_.probed(true), std::nullopt);
  }
}

TEST_F(BreakerTest, EachProbeWithoutAnAnswerDoublesThePauseUpToEightSeconds) {
  open();
  for (const int pause : {1'000, 2'000, 4'000, 8'000, 8'000}) {
    EXPECT_EQ(breaker_.probed(false), milliseconds(pause));
    EXPECT_EQ(breaker_.state(), State::kOpen);
  }
}

TEST_F(BreakerTest, ThePauseVariesByAFifth) {
  random_ = 0;
  EXPECT_EQ(open(), milliseconds(400));
  random_ = 1;
  EXPECT_EQ(breaker_.probed(false), milliseconds(1'200));
}

}  // namespace
}  // namespace imageserver
