#include "source/origin_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/captured_log.h"
#include "support/patience.h"

namespace imageserver {
namespace {

using Outcome = OriginQueue::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Error kAway{ErrorKind::kOrigin, "away"};
const Error kSlow{ErrorKind::kOriginLate, "late"};

class OriginQueueTest : public ::testing::Test {
 protected:
  explicit OriginQueueTest(OriginLimits limits = {.at_once = 3, .waiting = 5})
      : queue_(context_, "http://origin.example", limits) {}

  struct Entered {
    bool has_begun = false;
    bool has_ended = false;
    std::optional<Error> refusal;
    OriginQueue::RequestPtr request;

    [[nodiscard]] bool waits() const { return !has_begun && !refusal; }
  };
  using EnteredPtr = std::shared_ptr<Entered>;

  EnteredPtr enter() {
    auto entered = std::make_shared<Entered>();
    entered->request = std::make_shared<const OriginQueue::Request>(OriginQueue::Request{
        .begin = [entered = entered.get()] { entered->has_begun = true; },
        .refuse = [entered = entered.get()](Error error) { entered->refusal = std::move(error); }});
    entered_.push_back(entered);  // the request has only a pointer to it
    queue_.enter(entered->request);
    return entered;
  }

  std::vector<EnteredPtr> enter_many(int count) {
    std::vector<EnteredPtr> entered;
    for (int i = 0; i < count; ++i) entered.push_back(enter());
    return entered;
  }

  // Ends the one that began first.
  void end(Outcome outcome, const Error& error) {
    const auto first = std::ranges::find_if(
        entered_, [](const EnteredPtr& one) { return one->has_begun && !one->has_ended; });
    ASSERT_NE(first, entered_.end()) << "none runs";
    (*first)->has_ended = true;
    queue_.ended((*first)->request, outcome, error);
  }

  void answered() { end(Outcome::kAnswered, {}); }
  void not_reached() { end(Outcome::kNotReached, kAway); }
  void late() { end(Outcome::kLate, kSlow); }

  // One that begins finds the server away, which so is left alone.
  void open() {
    ASSERT_TRUE(enter()->has_begun);
    not_reached();
  }

  // Enters again and again until the pause is over: the trial.
  EnteredPtr trial() {
    EnteredPtr entered;
    EXPECT_TRUE(testing::soon([&] {
      context_.restart();
      context_.run_for(milliseconds(5));
      entered = enter();
      return !entered->refusal;
    })) << "the server is left alone for ever";
    return entered;
  }

  testing::CapturedLog log_;
  net::io_context context_{1};
  std::vector<EnteredPtr> entered_;
  OriginQueue queue_;
};

TEST_F(OriginQueueTest, SoManyRunAtATimeAndOthersWaitTheirTurn) {
  const auto all = enter_many(5);
  EXPECT_TRUE(all[0]->has_begun && all[1]->has_begun && all[2]->has_begun);
  EXPECT_TRUE(all[3]->waits() && all[4]->waits());
  answered();
  EXPECT_TRUE(all[3]->has_begun) << "first come, first served";
  EXPECT_TRUE(all[4]->waits());
  answered();
  EXPECT_TRUE(all[4]->has_begun);
}

TEST_F(OriginQueueTest, ThePlacesOfThoseThatHaveEndedAreFreeAgain) {
  enter_many(3);
  for (int i = 0; i < 3; ++i) answered();
  for (const EnteredPtr& entered : enter_many(3)) EXPECT_TRUE(entered->has_begun);
  EXPECT_TRUE(enter()->waits());
}

TEST_F(OriginQueueTest, WhenTooManyWaitOneMoreIsBusy) {
  const auto all = enter_many(3 + 5);
  for (const EnteredPtr& entered : all) EXPECT_FALSE(entered->refusal);
  const EnteredPtr more = enter();
  ASSERT_TRUE(more->refusal);
  EXPECT_EQ(more->refusal->kind, ErrorKind::kBusy);
  answered();
  EXPECT_TRUE(enter()->waits()) << "one of those who waited has begun";
}

TEST_F(OriginQueueTest, OneThatLeavesNeverBegins) {
  const auto all = enter_many(5);
  queue_.leave(all[3]->request);
  answered();
  EXPECT_TRUE(all[3]->waits());
  EXPECT_TRUE(all[4]->has_begun);
}

TEST_F(OriginQueueTest, OneThatLeavesMakesRoom) {
  const auto all = enter_many(3 + 5);
  queue_.leave(all.back()->request);
  EXPECT_TRUE(enter()->waits());
  EXPECT_TRUE(enter()->refusal);
}

TEST_F(OriginQueueTest, LeavingTwiceOrWithoutWaitingChangesNothing) {
  const auto all = enter_many(4);
  queue_.leave(all[0]->request);
  queue_.leave(all[3]->request);
  queue_.leave(all[3]->request);
  EXPECT_TRUE(enter()->waits()) << "three still run";
}

TEST_F(OriginQueueTest, AServerThatIsNotReachedIsLeftAloneAtOnce) {
  const auto all = enter_many(5);
  not_reached();
  EXPECT_EQ(all[3]->refusal, kAway) << "those who wait hear why";
  EXPECT_EQ(all[4]->refusal, kAway);
  EXPECT_EQ(enter()->refusal, kAway) << "and so do those who come later";
  answered();
  EXPECT_EQ(enter()->refusal, kAway) << "an answer to a request from before changes nothing";
  EXPECT_THAT(log_.take(), ElementsAre(HasSubstr("http://origin.example")));
}

TEST_F(OriginQueueTest, WhatBeganBeforeTheServerWasLeftAloneShowsNothingAnyMore) {
  enter_many(2);
  not_reached();
  late();
  EXPECT_EQ(enter()->refusal, kAway);
}

TEST_F(OriginQueueTest, AfterThePauseOneIsTheTrialAndOthersAreToldAtOnce) {
  open();
  const EnteredPtr first = trial();
  EXPECT_TRUE(first->has_begun);
  EXPECT_EQ(enter()->refusal, kAway);
  not_reached();
  EXPECT_EQ(enter()->refusal, kAway) << "it is left alone again";
}

TEST_F(OriginQueueTest, TrialsThatAreAnsweredLetAllGo) {
  open();
  trial();
  for (int i = 1; i < Breaker::kTrials; ++i) {
    EXPECT_TRUE(enter()->refusal) << "one at a time";
    answered();
    EXPECT_TRUE(enter()->has_begun);
  }
  answered();
  for (const EnteredPtr& entered : enter_many(3)) EXPECT_TRUE(entered->has_begun);
}

// One from before the pause, whose client leaves, is no trial.
TEST_F(OriginQueueTest, NoSecondTrialRunsBesideTheFirst) {
  enter_many(2);
  not_reached();
  trial();
  end(Outcome::kNothing, {ErrorKind::kCancelled, "left"});
  EXPECT_TRUE(enter()->refusal);
}

TEST_F(OriginQueueTest, ATrialThatShowsNothingIsFollowedByAnother) {
  open();
  trial();
  end(Outcome::kNothing, {ErrorKind::kCancelled, "left"});
  EXPECT_TRUE(enter()->has_begun);
}

TEST_F(OriginQueueTest, ATrialThatIsLateLeavesTheServerAloneAgain) {
  open();
  trial();
  late();
  EXPECT_EQ(enter()->refusal, kSlow);
}

TEST_F(OriginQueueTest, FiveInARowThatAreLateLeaveTheServerAlone) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(enter()->has_begun) << "after " << i;
    late();
  }
  EXPECT_EQ(enter()->refusal, kSlow);
}

TEST_F(OriginQueueTest, SomeThatAreLateAmongOthersDoNot) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(enter()->has_begun) << "after " << i;
    i % 4 == 3 ? late() : answered();
  }
}

TEST_F(OriginQueueTest, ThoseThatNobodyWaitsForShowNothing) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(enter()->has_begun) << "after " << i;
    end(Outcome::kNothing, kAway);
  }
  EXPECT_THAT(log_.take(), IsEmpty());
}

// Whoever waits may begin something else when it hears that it waits in vain.
TEST_F(OriginQueueTest, OneThatIsRefusedMayEnterAnew) {
  enter_many(3);
  std::optional<Error> second;
  queue_.enter(std::make_shared<const OriginQueue::Request>(OriginQueue::Request{
      .begin = [] { ADD_FAILURE() << "the server is away"; },
      .refuse =
          [&](const Error&) {
            queue_.enter(std::make_shared<const OriginQueue::Request>(
                OriginQueue::Request{.begin = [] { ADD_FAILURE() << "the server is away"; },
                                     .refuse = [&](Error error) { second = std::move(error); }}));
          }}));
  not_reached();
  EXPECT_EQ(second, kAway);
}

class LoneOriginQueueTest : public OriginQueueTest {
 protected:
  LoneOriginQueueTest() : OriginQueueTest({.at_once = 1, .waiting = 1'000}) {}
};

// As one does whose memory gives out.
TEST_F(LoneOriginQueueTest, OneThatEndsAsItBeginsMakesRoomForTheNext) {
  enter();
  int begun = 0;
  std::vector<OriginQueue::RequestPtr> requests(100);
  for (OriginQueue::RequestPtr& request : requests) {
    request = std::make_shared<const OriginQueue::Request>(
        OriginQueue::Request{.begin =
                                 [&] {
                                   ++begun;
                                   queue_.ended(request, Outcome::kAnswered, {});
                                 },
                             .refuse = [](const Error&) { ADD_FAILURE() << "it may be sent"; }});
    queue_.enter(request);
  }
  answered();
  EXPECT_EQ(begun, 100);
}

}  // namespace
}  // namespace imageserver
