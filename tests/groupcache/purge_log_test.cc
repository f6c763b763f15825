#include "groupcache/purge_log.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/purges.h"

namespace imageserver {
namespace {

using testing::kHour;
using testing::kNoon;
using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;
using Taken = PurgeLog::Taken;
using Records = std::vector<PurgeRecord>;

class PurgeLogTest : public ::testing::Test {
 protected:
  testing::WallClock wall_;
  HybridClock clock_{wall_.wall()};
  PurgeLog log_{clock_};
  PurgeLog small_{clock_, {.records = 2}};
};

TEST_F(PurgeLogTest, AnEmptyLogReachesNothing) {
  EXPECT_EQ(log_.position(), 0U);
  EXPECT_EQ(log_.reach("a"), Reach());
  EXPECT_EQ(log_.reach("a").last(), 0U);
  EXPECT_EQ(log_.reaching("a", 9).records, Records());
  EXPECT_EQ(log_.contents(), PurgeContents());
  EXPECT_EQ(log_.digest().size(), 32U);
}

TEST_F(PurgeLogTest, ARecordReachesFromItsPositionOn) {
  EXPECT_EQ(log_.take(purge_of("a", kNoon)), Taken::kNew);
  EXPECT_EQ(log_.position(), 1U);
  EXPECT_EQ(log_.reach("a"), (Reach{.hard = 1, .position = 1}));
  EXPECT_EQ(log_.take(purge_below({"a"}, kNoon - 1, true)), Taken::kNew);
  EXPECT_EQ(log_.reach("a"), (Reach{.hard = 1, .soft = 2, .position = 2}));
  EXPECT_EQ(log_.reach("a").last(), 2U);
  EXPECT_EQ(log_.reach("b"), (Reach{.position = 2}));
}

TEST_F(PurgeLogTest, ARecordIsTakenOnce) {
  EXPECT_EQ(log_.take(purge_of("a", kNoon)), Taken::kNew);
  const std::string digest = log_.digest();
  EXPECT_EQ(log_.take(purge_of("a", kNoon)), Taken::kKnown);
  EXPECT_EQ(log_.position(), 1U);
  EXPECT_EQ(log_.digest(), digest);
}

TEST_F(PurgeLogTest, TwoThatDifferAreTwoThoughTheyHaveOneId) {
  PurgeRecord other = purge_of("b", kNoon + 1);
  other.id = purge_of("a", kNoon).id;
  EXPECT_EQ(log_.take(other), Taken::kNew);
  EXPECT_EQ(log_.take(purge_of("a", kNoon)), Taken::kNew);
  EXPECT_EQ(log_.reach("a").hard, 2U);
  EXPECT_EQ(log_.reach("b").hard, 1U);
  EXPECT_EQ(log_.find(other.id), other);
}

TEST_F(PurgeLogTest, FindsByIdWhatIsThere) {
  EXPECT_EQ(small_.find("source-1"), std::nullopt);
  small_.take(purge_of("a", 1));
  EXPECT_EQ(small_.find("source-1"), purge_of("a", 1));
  small_.take(purge_of("a", 2));
  small_.take(purge_of("a", 3));
  EXPECT_EQ(small_.find("source-1"), std::nullopt);
}

TEST_F(PurgeLogTest, RefusesWhatIsMoreThanADayAhead) {
  EXPECT_EQ(log_.take(purge_of("a", kNoon + 24 * kHour + 1)), Taken::kAhead);
  EXPECT_EQ(log_.reach("a"), Reach());
  EXPECT_EQ(log_.take(purge_of("a", kNoon + 24 * kHour)), Taken::kNew);
  EXPECT_GT(clock_.now(), (HybridTime{kNoon + 24 * kHour, 0}));
}

TEST_F(PurgeLogTest, ThoseThatReachAreToldTheNewestFirst) {
  log_.take(purge_of("a", 5));
  log_.take(purge_below({"a"}, 7));
  log_.take(purge_of_all(6, true));
  EXPECT_EQ(log_.reaching("a", 9).records,
            Records({purge_below({"a"}, 7), purge_of_all(6, true), purge_of("a", 5)}));
  EXPECT_EQ(log_.reaching("b", 9).records, Records({purge_of_all(6, true)}));
  EXPECT_TRUE(log_.reaching("a", 3).are_all);
  EXPECT_EQ(log_.reaching("a", 1).records, Records({purge_below({"a"}, 7)}));
  EXPECT_FALSE(log_.reaching("a", 1).are_all);
}

TEST_F(PurgeLogTest, OfTooManyTheOldestFallsOut) {
  small_.take(purge_of("a", 2));
  small_.take(purge_of("b", 3));
  small_.take(purge_of("c", 1));
  EXPECT_EQ(small_.contents().records, Records({purge_of("a", 2), purge_of("b", 3)}));
  small_.take(purge_of("d", 4));
  EXPECT_EQ(small_.contents().records, Records({purge_of("b", 3), purge_of("d", 4)}));
  EXPECT_EQ(small_.contents().floor.stamp, (HybridTime{2, 0}));
}

TEST_F(PurgeLogTest, WhatFellOutCountsAsASoftPurgeOfAllThatCameThen) {
  small_.take(purge_of("a", 1));
  small_.take(purge_of("b", 2));
  EXPECT_EQ(small_.reach("x").last(), 0U);
  small_.take(purge_of("c", 3));
  EXPECT_EQ(small_.reach("x"), (Reach{.soft = 1, .position = 3}));
  EXPECT_EQ(small_.reach("a"), (Reach{.soft = 1, .position = 3}));
  EXPECT_EQ(small_.reach("b"), (Reach{.hard = 2, .soft = 1, .position = 3}));
}

TEST_F(PurgeLogTest, WhatHeedsAllIsLeftAloneByOneMore) {
  PurgeLog log(clock_, {.records = 10});
  std::uint64_t heeded = 0;
  for (std::uint64_t stamp = 1; stamp < 100; ++stamp) {
    log.take(purge_of("a", stamp));
    EXPECT_LE(log.reach("x").last(), heeded);
    if (stamp % 9 == 0) heeded = log.reach("x").position;
  }
}

TEST_F(PurgeLogTest, OneThatFallsOutAtOnceMakesAllSoft) {
  small_.take(purge_of("a", 5));
  small_.take(purge_of("b", 6));
  EXPECT_EQ(small_.take(purge_of("c", 4)), Taken::kNew);
  EXPECT_EQ(small_.reach("x").soft, small_.position());
}

TEST_F(PurgeLogTest, TheirBytesHaveABoundAsWell) {
  const std::size_t bytes = purge_text(purge_of("a", 1)).size();
  PurgeLog log(clock_, {.bytes = 2 * bytes});
  log.take(purge_of("a", 1));
  log.take(purge_of("b", 2));
  EXPECT_EQ(log.contents().records.size(), 2U);
  log.take(purge_of("cc", 3));
  EXPECT_EQ(log.contents().records, Records({purge_of("cc", 3)}));
  log.take(purge_of(std::string(2 * bytes, 'd'), 4));
  EXPECT_EQ(log.contents().records, Records());
  EXPECT_EQ(log.reach("x").soft, 4U);
  log.take(purge_of("e", 5));
  EXPECT_EQ(log.contents().records, Records({purge_of("e", 5)}));
}

TEST_F(PurgeLogTest, ThoseOfOneStampFallOutTogether) {
  small_.take(purge_of("a", 1));
  small_.take(purge_of("b", 1));
  small_.take(purge_of("c", 2));
  EXPECT_EQ(small_.contents().records, Records({purge_of("c", 2)}));
  EXPECT_EQ(small_.reach("x").soft, 2U);
}

TEST_F(PurgeLogTest, OneThatFellOutIsStillKnown) {
  for (std::uint64_t stamp = 1; stamp <= 3; ++stamp) small_.take(purge_of("a", stamp));
  const std::string digest = small_.digest();
  EXPECT_EQ(small_.take(purge_of("a", 1)), Taken::kKnown);
  EXPECT_EQ(small_.position(), 3U);
  EXPECT_EQ(small_.digest(), digest);
}

TEST_F(PurgeLogTest, OneThatComesTooLateMakesAllSoftOnce) {
  for (std::uint64_t stamp = 1; stamp <= 3; ++stamp) small_.take(purge_of("a", 10 * stamp));
  const std::string digest = small_.digest();
  for (const std::uint64_t stamp : {5U, 10U}) {
    EXPECT_EQ(small_.take(purge_of("late", stamp)), Taken::kLate);
    EXPECT_EQ(small_.reach("x").soft, small_.position());
    EXPECT_EQ(small_.take(purge_of("late", stamp)), Taken::kKnown);
  }
  EXPECT_EQ(small_.position(), 5U);
  EXPECT_EQ(small_.contents().records.size(), 2U);
  EXPECT_NE(small_.digest(), digest);
}

TEST_F(PurgeLogTest, ALateOneIsKnownByItsDoubtWhenItIsNoLongerRemembered) {
  for (std::uint64_t stamp = 1; stamp <= 3; ++stamp) small_.take(purge_of("a", 10 * stamp));
  EXPECT_EQ(small_.take(purge_of("late", 5)), Taken::kLate);
  for (std::uint64_t stamp = 4; stamp <= 9; ++stamp) small_.take(purge_of("a", 10 * stamp));
  const std::string digest = small_.digest();
  EXPECT_EQ(small_.take(purge_of("late", 5)), Taken::kKnown);
  EXPECT_EQ(small_.digest(), digest);
}

TEST_F(PurgeLogTest, DoubtMovesThePositionAndNotTheDigest) {
  log_.take(purge_of("a", 1));
  const std::string digest = log_.digest();
  log_.doubt_all();
  EXPECT_EQ(log_.position(), 2U);
  EXPECT_EQ(log_.reach("a"), (Reach{.hard = 1, .soft = 2, .position = 2}));
  EXPECT_EQ(log_.reach("x"), (Reach{.soft = 2, .position = 2}));
  EXPECT_EQ(log_.digest(), digest);
}

TEST_F(PurgeLogTest, TheDigestDoesNotKnowInWhichOrderTheyCame) {
  PurgeLog other(clock_);
  std::set<std::string> digests = {log_.digest()};
  for (const std::uint64_t stamp : {1U, 2U, 3U}) {
    log_.take(purge_of("a", stamp));
    digests.insert(log_.digest());
  }
  EXPECT_EQ(digests.size(), 4U);
  for (const std::uint64_t stamp : {2U, 3U, 1U}) other.take(purge_of("a", stamp));
  EXPECT_EQ(other.digest(), log_.digest());
}

TEST_F(PurgeLogTest, TheDigestTellsWhatFellOut) {
  PurgeLog other(clock_, {.records = 2});
  small_.take(purge_of("a", 1));
  other.take(purge_of("b", 1));
  for (const std::uint64_t stamp : {2U, 3U}) {
    small_.take(purge_of("a", stamp));
    other.take(purge_of("a", stamp));
  }
  EXPECT_EQ(small_.contents().records, other.contents().records);
  EXPECT_NE(small_.digest(), other.digest());
}

TEST_F(PurgeLogTest, ContentsFitTheirText) {
  const PurgeLog::Limits limits;
  EXPECT_LE(limits.records, kMostContentsRecords);
  for (std::uint64_t stamp = 1; stamp < 300; ++stamp) {
    log_.take(purge_of(std::string(8000, 'a'), stamp));
  }
  const PurgeContents contents = log_.contents();
  EXPECT_GT(contents.floor.stamp, HybridTime());
  EXPECT_EQ(parse_contents(contents_text(contents)), contents);
}

TEST_F(PurgeLogTest, WhoSeesThePositionIsToldOfTheRecord) {
  constexpr std::uint64_t kRecords = 2000;
  std::thread taker([this] {
    for (std::uint64_t stamp = 1; stamp <= kRecords; ++stamp) log_.take(purge_of("a", stamp));
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([this] {
      for (std::uint64_t seen = 0; seen < kRecords;) {
        seen = log_.position();
        EXPECT_GE(log_.reach("a").hard, seen);
        EXPECT_LE(log_.reaching("a", 1).records.size(), 1U);
        EXPECT_FALSE(log_.digest().empty());
      }
    });
  }
  taker.join();
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace imageserver
