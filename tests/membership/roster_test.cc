#include "membership/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "support/captured_log.h"
#include "support/patience.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::CapturedLog;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::soon;

using Names = std::vector<std::string>;

class RosterTest : public ::testing::Test {
 protected:
  static constexpr milliseconds kShort = 10ms;
  static constexpr milliseconds kNever = 1h;

  // Between two looks of soon() there is much less.
  static constexpr milliseconds kAWhile = 300ms;

  void begin(milliseconds debounce, bool self_expected = true) {
    RosterOptions options{"self:1", debounce, self_expected};
    roster_.emplace(
        context_, options, [this](Names names) { changes_.push_back(std::move(names)); },
        [this] { firsts_.push_back(changes_.size()); });
  }

  void see(Names names) { roster_->see(make_view(std::move(names))); }
  void see_failure(std::string message = "broken") {
    roster_->see(membership_error(std::move(message)));
  }

  // Lets everything happen that is not left to a timer.
  void settle() {
    context_.restart();
    context_.poll();
  }

  // Lets everything happen.
  void finish() { testing::run_to_end(context_); }

  CapturedLog log_;
  net::io_context context_{1};
  std::vector<Names> changes_;
  std::vector<std::size_t> firsts_;  // how many changes there had been at each call of on_first
  std::optional<Roster> roster_;
};

TEST_F(RosterTest, TakesTheFirstViewAtOnce) {
  begin(kNever);
  see({"a:1", "self:1"});
  settle();
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1"}));
}

TEST_F(RosterTest, TellsWhenItHasSeenTheFirst) {
  begin(kNever);
  settle();
  EXPECT_THAT(firsts_, IsEmpty());
  see({"a:1", "self:1"});
  see({"b:1", "self:1"});
  settle();
  EXPECT_THAT(firsts_, ElementsAre(1));
}

TEST_F(RosterTest, TellsOfTheFirstViewEvenIfItFailed) {
  begin(kNever);
  see_failure();
  settle();
  EXPECT_THAT(firsts_, ElementsAre(0));
  see({"a:1", "self:1"});
  settle();
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1"}));
  EXPECT_THAT(firsts_, ElementsAre(0));
}

TEST_F(RosterTest, HoldsSelfFromTheBeginning) {
  begin(kNever);
  see({"self:1"});
  settle();
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_THAT(firsts_, ElementsAre(0));
}

TEST_F(RosterTest, AddsSelfInItsPlace) {
  begin(kNever);
  see({"a:1", "z:1"});
  settle();
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1", "z:1"}));
}

TEST_F(RosterTest, WarnsEachTimeSelfIsNewlyMissing) {
  begin(kShort);
  see({"a:1"});
  see({"b:1"});
  finish();
  EXPECT_THAT(log_.take(),
              ::testing::Contains(HasSubstr("warning ring: this node, self:1,")).Times(1));
  see({"b:1", "self:1"});
  finish();
  EXPECT_THAT(log_.take(), IsEmpty());
  see({"b:1"});
  finish();
  EXPECT_THAT(log_.take(), ElementsAre(HasSubstr("self:1")));
}

TEST_F(RosterTest, DoesNotWarnWhereSelfIsNotExpected) {
  begin(kShort, false);
  see({"a:1"});
  finish();
  EXPECT_THAT(log_.take(), ElementsAre("info ring: joined: a:1"));
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1"}));
}

TEST_F(RosterTest, ALaterChangeWaits) {
  begin(kNever);
  see({"a:1", "self:1"});
  see({"b:1", "self:1"});
  settle();
  EXPECT_EQ(changes_.size(), 1U);
}

TEST_F(RosterTest, OfSeveralChangesThatWaitTheLatestCounts) {
  begin(kShort);
  see({"a:1", "self:1"});
  see({"b:1", "self:1"});
  see({"c:1", "self:1"});
  finish();
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1"}, Names{"c:1", "self:1"}));
}

TEST_F(RosterTest, WhatChangesAndChangesBackChangesNothing) {
  begin(kShort);
  see({"a:1", "self:1"});
  see({"self:1"});
  see({"a:1", "self:1"});
  finish();
  EXPECT_EQ(changes_.size(), 1U);
}

TEST_F(RosterTest, ViewsThatNeverStopChangingAreFollowed) {
  begin(kAWhile);
  see({"a:1", "self:1"});
  bool odd = false;
  EXPECT_TRUE(soon([&] {
    odd = !odd;
    see(odd ? Names{"b:1", "self:1"} : Names{"c:1", "self:1"});
    settle();
    return changes_.size() > 1;
  }));
}

TEST_F(RosterTest, AFailureChangesNothing) {
  begin(kShort);
  see({"a:1", "self:1"});
  see_failure();
  see({});
  finish();
  EXPECT_EQ(changes_.size(), 1U);
}

TEST_F(RosterTest, AFailureDoesNotHoldUpAChangeThatWaits) {
  begin(kShort);
  see({"a:1", "self:1"});
  see({"b:1", "self:1"});
  see_failure();
  finish();
  EXPECT_EQ(changes_.back(), (Names{"b:1", "self:1"}));
}

TEST_F(RosterTest, EachKindOfFailureIsToldOnce) {
  begin(kShort);
  see({"self:1"});
  for (int i = 0; i < 3; ++i) {
    see_failure("one");
    see_failure("two");
    see({});
  }
  finish();
  EXPECT_THAT(log_.take(),
              ElementsAre(HasSubstr(": one"), HasSubstr(": two"), HasSubstr(": no names")));
  see({"self:1"});
  see({"self:1"});
  finish();
  EXPECT_THAT(log_.take(), ElementsAre("info ring: its nodes are seen again"));
  see_failure("one");
  finish();
  EXPECT_THAT(log_.take(), ElementsAre(HasSubstr("warning")));
}

TEST_F(RosterTest, FailuresThatAreNeverTheSameDoNotFillTheLog) {
  begin(kShort);
  for (int i = 0; i < 1000; ++i) see_failure(std::to_string(i));
  finish();
  EXPECT_EQ(log_.take().size(), 16U);
}

TEST_F(RosterTest, TellsWhoJoinedAndWhoLeft) {
  begin(kShort);
  see({"a:1", "b:1", "self:1"});
  finish();
  EXPECT_THAT(log_.take(), ElementsAre("info ring: joined: a:1, b:1"));
  see({"b:1", "c:1", "self:1"});
  finish();
  EXPECT_THAT(log_.take(), ElementsAre("info ring: joined: c:1", "info ring: left: a:1"));
}

TEST_F(RosterTest, SaysNothingOnceItIsGone) {
  begin(kShort);
  see({"a:1", "self:1"});
  see({"b:1", "self:1"});
  settle();
  see({"c:1", "self:1"});
  roster_.reset();
  finish();
  EXPECT_EQ(changes_.size(), 1U);
}

TEST_F(RosterTest, SeesFromAnyThread) {
  begin(kShort);
  {
    const auto see_one = [this] { see({"a:1", "self:1"}); };
    const std::jthread one(see_one);
    const std::jthread two(see_one);
  }
  finish();
  EXPECT_THAT(changes_, ElementsAre(Names{"a:1", "self:1"}));
}

}  // namespace
}  // namespace imageserver
