#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "groupcache/purge_log.h"
#include "support/purges.h"

namespace imageserver {
namespace {

using testing::kHour;
using testing::kNoon;
using testing::purge_of;
using Merged = PurgeLog::Merged;
using Taken = PurgeLog::Taken;

constexpr PurgeLog::Limits kFour = {.records = 4};

// Two logs of two nodes.
class PurgeLogMergeTest : public ::testing::Test {
 protected:
  static void take(PurgeLog& log, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t stamp = from; stamp <= to; ++stamp) log.take(purge_of("a", stamp));
  }

  static Merged merge(PurgeLog& log, const PurgeLog& other) { return log.merge(other.contents()); }

  void expect_alike() const {
    EXPECT_EQ(one_.digest(), other_.digest());
    EXPECT_EQ(one_.contents(), other_.contents());
  }

  // Neither hears anything new of the other.
  void expect_quiet() {
    expect_alike();
    EXPECT_EQ(merge(one_, other_), Merged());
    EXPECT_EQ(merge(other_, one_), Merged());
    expect_alike();
  }

  testing::WallClock wall_;
  testing::WallClock other_wall_;
  HybridClock clock_{wall_.wall()};
  HybridClock other_clock_{other_wall_.wall()};
  PurgeLog one_{clock_, kFour};
  PurgeLog other_{other_clock_, kFour};
};

TEST_F(PurgeLogMergeTest, EachTakesWhatTheOtherHas) {
  take(one_, 1, 2);
  take(other_, 2, 4);
  EXPECT_EQ(merge(one_, other_), Merged{.taken = 2});
  EXPECT_EQ(one_.position(), 4U);
  EXPECT_EQ(merge(other_, one_), Merged{.taken = 1});
  expect_quiet();
  EXPECT_EQ(one_.reach("x").last(), 0U);
}

TEST_F(PurgeLogMergeTest, OneThatIsBehindHasMissedNothingIfItHadWhatFellOut) {
  take(one_, 1, 4);
  take(other_, 1, 4);
  take(one_, 5, 7);
  EXPECT_EQ(merge(one_, other_), Merged());
  EXPECT_EQ(merge(other_, one_), Merged{.taken = 3});
  EXPECT_EQ(other_.reach("x").last(), 3U);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, BothMayHaveLetThingsFallThatTheOtherStillHas) {
  take(one_, 1, 4);
  take(other_, 1, 4);
  take(one_, 5, 6);
  take(other_, 7, 7);
  EXPECT_FALSE(merge(one_, other_).has_doubted);
  EXPECT_FALSE(merge(other_, one_).has_doubted);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, AnEmptyLogThatMissedThingsDoubtsAlone) {
  take(one_, 1, 6);
  const std::uint64_t position = one_.position();
  EXPECT_EQ(merge(one_, other_), Merged());
  EXPECT_EQ(merge(other_, one_), (Merged{.taken = 4, .has_doubted = true}));
  EXPECT_GE(other_.reach("x").soft, 1U);
  expect_quiet();
  EXPECT_EQ(one_.position(), position);
}

TEST_F(PurgeLogMergeTest, SoDoesOneThatHasOnlyNewerRecords) {
  take(one_, 1, 6);
  take(other_, 7, 7);
  EXPECT_TRUE(merge(other_, one_).has_doubted);
  EXPECT_EQ(merge(one_, other_), Merged{.taken = 1});
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, WhereEachMayHaveMissedSomethingBothDoubtOnce) {
  take(one_, 1, 6);
  take(other_, 11, 16);
  EXPECT_TRUE(merge(one_, other_).has_doubted);
  EXPECT_TRUE(merge(other_, one_).has_doubted);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, AlsoIfBothFindOutAtOnce) {
  take(one_, 1, 6);
  take(other_, 11, 16);
  const PurgeContents before = one_.contents();
  EXPECT_TRUE(merge(one_, other_).has_doubted);
  EXPECT_TRUE(other_.merge(before).has_doubted);
  EXPECT_FALSE(merge(one_, other_).has_doubted);
  EXPECT_FALSE(merge(other_, one_).has_doubted);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, ADoubtReachesAThirdLog) {
  HybridClock clock(wall_.wall());
  PurgeLog third(clock, kFour);
  take(third, 1, 6);
  take(one_, 1, 6);
  take(other_, 2, 2);
  merge(one_, other_);
  take(other_, 11, 16);
  merge(one_, other_);
  const std::uint64_t position = third.position();
  EXPECT_TRUE(merge(third, one_).has_doubted);
  EXPECT_GT(third.reach("x").soft, position);
}

TEST_F(PurgeLogMergeTest, ALateRecordMakesAllSoftOnTheOtherNodeToo) {
  take(one_, 11, 16);
  take(other_, 11, 16);
  expect_quiet();
  EXPECT_EQ(one_.take(purge_of("late", 1)), Taken::kLate);
  EXPECT_TRUE(merge(other_, one_).has_doubted);
  EXPECT_EQ(other_.take(purge_of("late", 1)), Taken::kKnown);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, ALateRecordMayComeToBoth) {
  take(one_, 11, 16);
  take(other_, 11, 16);
  one_.take(purge_of("late", 1));
  wall_.set(kNoon + 1);
  other_.take(purge_of("late", 1));
  EXPECT_FALSE(merge(other_, one_).has_doubted);
  EXPECT_FALSE(merge(one_, other_).has_doubted);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, WhatWasMetInAMergeIsKnownLater) {
  take(one_, 11, 16);
  take(other_, 1, 2);
  EXPECT_TRUE(merge(one_, other_).has_doubted);
  EXPECT_EQ(one_.take(purge_of("a", 1)), Taken::kKnown);
}

TEST_F(PurgeLogMergeTest, RecordsAheadAreLeftOutAndTheRestIsTaken) {
  take(one_, 1, 2);
  other_wall_.set(kNoon + 48 * kHour);
  other_.take({.id = "ahead", .stamp = other_clock_.now()});
  take(other_, 3, 3);
  EXPECT_EQ(merge(one_, other_), (Merged{.taken = 1, .ahead = 1}));
  EXPECT_EQ(one_.find("ahead"), std::nullopt);
  wall_.set(kNoon + 24 * kHour);
  EXPECT_EQ(merge(one_, other_), Merged{.taken = 1});
  merge(other_, one_);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, NothingIsTakenOfAFloorThatIsAhead) {
  take(one_, 1, 2);
  other_wall_.set(kNoon + 48 * kHour);
  for (int i = 0; i < 5; ++i) {
    other_.take({.id = std::to_string(i), .stamp = other_clock_.now()});
  }
  const PurgeContents before = one_.contents();
  EXPECT_EQ(merge(one_, other_), Merged{.is_refused = true});
  EXPECT_EQ(one_.contents(), before);
  EXPECT_EQ(one_.position(), 2U);
}

TEST_F(PurgeLogMergeTest, NothingIsTakenOfADoubtThatIsAhead) {
  other_wall_.set(kNoon + 48 * kHour);
  take(other_, 11, 16);
  other_.take(purge_of("late", 1));
  EXPECT_EQ(merge(one_, other_), Merged{.is_refused = true});
  EXPECT_EQ(one_.contents(), PurgeContents());
}

TEST_F(PurgeLogMergeTest, LogsOfDifferentSizesAgreeUponTheSmaller) {
  PurgeLog large(other_clock_, {.records = 8});
  take(large, 1, 8);
  merge(one_, large);
  merge(large, one_);
  EXPECT_EQ(one_.digest(), large.digest());
  EXPECT_EQ(large.contents().records.size(), 4U);
  EXPECT_EQ(large.reach("x").last(), 4U);
}

TEST_F(PurgeLogMergeTest, ContentsComeThroughTheirText) {
  take(one_, 1, 6);
  one_.take(purge_of("late", 1));
  one_.take(purge_of("later", 1));
  const auto contents = parse_contents(contents_text(one_.contents()));
  ASSERT_TRUE(contents);
  EXPECT_TRUE(other_.merge(*contents).has_doubted);
  expect_quiet();
}

TEST_F(PurgeLogMergeTest, ThreadsMayTakeAndMergeAtOnce) {
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 2; ++i) {
    PurgeLog& log = i == 0 ? one_ : other_;
    PurgeLog& peer = i == 0 ? other_ : one_;
    threads.emplace_back([&log, i] {
      for (std::uint64_t step = 0; step < 300; ++step) log.take(purge_of("a", 2 * step + i + 1));
    });
    threads.emplace_back([&log, &peer] {
      for (int step = 0; step < 300; ++step) merge(log, peer);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 3; ++i) {
    merge(one_, other_);
    merge(other_, one_);
  }
  expect_quiet();
}

}  // namespace
}  // namespace imageserver
