#include "groupcache/known_original.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "groupcache/known_originals.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::version;

class KnownOriginalTest : public ::testing::Test {
 protected:
  // Seen at `begun`: fresh for 10 s, usable for 20 s, stale for 30 s from then on.
  void see(char of, Clock::time_point begun) {
    original_.seen({.version = version(of),
                    .validators = {.etag = std::string(1, of), .last_modified = {}},
                    .begun = {begun},
                    .freshness = {.fresh = begun + seconds(10),
                                  .usable = begun + seconds(20),
                                  .stale = begun + seconds(30)}});
  }

  [[nodiscard]] Standing standing(std::uint64_t generation, int second) {
    return original_.standing(generation, start_ + seconds(second));
  }

  const Clock::time_point start_{hours(1)};
  KnownOriginal original_{"a.jpg"};
};

TEST_F(KnownOriginalTest, StandsWorseAsTimeGoesOn) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  EXPECT_EQ(standing(a, 0), Standing::kFresh);
  EXPECT_EQ(standing(a, 9), Standing::kFresh);
  EXPECT_EQ(standing(a, 10), Standing::kStale);
  EXPECT_EQ(standing(a, 19), Standing::kStale);
  EXPECT_EQ(standing(a, 20), Standing::kUnsure);
  EXPECT_EQ(standing(a, 1000), Standing::kUnsure);
  EXPECT_EQ(original_.fresh_for(start_ + seconds(4)), seconds(6));
  EXPECT_EQ(original_.fresh_for(start_ + seconds(14)), -seconds(4));
}

TEST_F(KnownOriginalTest, IsUsableAfterALookUntilItIsTooOld) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  const auto after_look = [&](int second) {
    return original_.standing_after_look(a, start_ + seconds(second), original_.sights());
  };
  EXPECT_EQ(after_look(5), Standing::kFresh);
  EXPECT_EQ(after_look(15), Standing::kStale);
  EXPECT_EQ(after_look(29), Standing::kStale);
  EXPECT_EQ(after_look(30), Standing::kReplaced);
}

TEST_F(KnownOriginalTest, AnotherVersionReplacesWhatWasMade) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  see('b', start_ + seconds(1));
  EXPECT_EQ(standing(a, 1), Standing::kReplaced);
  EXPECT_EQ(original_.standing_after_look(a, start_ + seconds(1), 0), Standing::kReplaced);
  const std::uint64_t b = original_.generation_of(version('b'), {});
  EXPECT_EQ(standing(b, 1), Standing::kFresh);
  EXPECT_EQ(standing(original_.generation_of(version('a'), {}), 1), Standing::kReplaced)
      << "what ends now was made of what is no more";
}

// What was made of the first version is not what is cached now, even if the bytes are the same
// again: it may have been made by a fill that began before both.
TEST_F(KnownOriginalTest, AVersionThatComesBackHasAnotherGeneration) {
  see('a', start_);
  const std::uint64_t first = original_.generation_of(version('a'), {});
  see('b', start_ + seconds(1));
  see('a', start_ + seconds(2));
  EXPECT_NE(original_.generation_of(version('a'), {}), first);
  EXPECT_EQ(standing(first, 2), Standing::kReplaced);
}

TEST_F(KnownOriginalTest, TheSameVersionIsFreshAgain) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  see('a', start_ + seconds(25));
  EXPECT_EQ(standing(a, 30), Standing::kFresh);
}

TEST_F(KnownOriginalTest, AnOlderSightCountsNothing) {
  see('b', start_ + seconds(1));
  see('a', start_);
  EXPECT_EQ(standing(original_.generation_of(version('b'), {}), 1), Standing::kFresh);
  EXPECT_EQ(original_.present().validators.etag, "b");
}

TEST_F(KnownOriginalTest, WhatIsGoneReplacesWhatWasMade) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  original_.seen({.version = std::nullopt, .begun = {start_ + seconds(1)}});
  EXPECT_EQ(standing(a, 1), Standing::kReplaced);
  EXPECT_EQ(standing(original_.generation_of(version('a'), {}), 1), Standing::kReplaced);
  EXPECT_FALSE(original_.present().version.has_value());
}

TEST_F(KnownOriginalTest, WhatNobodyCouldLookAtStaysUsableForAWhile) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  original_.not_seen({start_}, start_ + seconds(26));
  EXPECT_EQ(standing(a, 25), Standing::kStale);
  EXPECT_FALSE(original_.is_to_be_looked_at(start_ + seconds(25)));
  EXPECT_EQ(standing(a, 26), Standing::kUnsure);
  EXPECT_TRUE(original_.is_to_be_looked_at(start_ + seconds(26)));
  original_.not_seen({start_}, start_ + seconds(50));
  EXPECT_EQ(standing(a, 29), Standing::kStale);
  EXPECT_EQ(standing(a, 31), Standing::kUnsure) << "it is too old";
}

TEST_F(KnownOriginalTest, WhatWasNeverSeenIsUnsure) {
  const std::uint64_t a = original_.generation_of(version('a'), {});
  EXPECT_EQ(standing(a, 0), Standing::kUnsure);
  EXPECT_EQ(standing(original_.generation_of(version('b'), {}), 0), Standing::kReplaced);
  see('a', start_);
  EXPECT_EQ(standing(a, 0), Standing::kFresh);
}

TEST_F(KnownOriginalTest, ALookIsJoined) {
  see('a', start_);
  const auto late = start_ + seconds(15);
  int told = 0;
  EXPECT_TRUE(original_.is_to_be_looked_at(late));
  EXPECT_TRUE(original_.join_look(Route::kHere, [&] { ++told; }));
  EXPECT_FALSE(original_.is_to_be_looked_at(late)) << "somebody looks";
  EXPECT_FALSE(original_.join_look(Route::kHere, [&] { ++told; }));
  EXPECT_FALSE(original_.join_look(Route::kHere, {}));
  EXPECT_EQ(told, 0);
  original_.end_look(Route::kHere);
  EXPECT_EQ(told, 2);
  EXPECT_TRUE(original_.join_look(Route::kHere, [&] { ++told; }));
  original_.end_look(Route::kHere);
  EXPECT_EQ(told, 3);
}

TEST_F(KnownOriginalTest, LooksOfTwoRoutesDoNotWaitForEachOther) {
  int told = 0;
  EXPECT_TRUE(original_.join_look(Route::kOwner, [&] { told += 10; }));
  EXPECT_TRUE(original_.join_look(Route::kHere, [&] { ++told; }));
  original_.end_look(Route::kHere);
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(original_.is_to_be_looked_at(start_)) << "the other one goes on";
  original_.end_look(Route::kOwner);
  EXPECT_EQ(told, 11);
}

TEST_F(KnownOriginalTest, AnEndedLookMayBeBegunAgainByThoseWhoWaited) {
  bool leads = false;
  EXPECT_TRUE(
      original_.join_look(Route::kHere, [&] { leads = original_.join_look(Route::kHere, {}); }));
  original_.end_look(Route::kHere);
  EXPECT_TRUE(leads);
}

TEST_F(KnownOriginalTest, NobodyLooksBeforeASightSaysSo) {
  original_.seen(
      {.version = version('a'),
       .begun = {start_},
       .freshness = {.fresh = start_, .usable = start_ + seconds(9), .stale = start_ + seconds(9)},
       .retry = start_ + seconds(2)});
  EXPECT_FALSE(original_.is_to_be_looked_at(start_ + seconds(1)));
  EXPECT_TRUE(original_.is_to_be_looked_at(start_ + seconds(2)));
  see('a', start_ + seconds(1));
  EXPECT_TRUE(original_.is_to_be_looked_at(start_ + seconds(11))) << "that holds no longer";
}

TEST_F(KnownOriginalTest, WhatALookHasSeenMayBeUsedHoweverLongItTook) {
  see('a', start_);
  const std::uint64_t a = original_.generation_of(version('a'), {});
  const std::uint64_t before = original_.sights();
  see('a', start_ + seconds(1));
  EXPECT_EQ(original_.standing_after_look(a, start_ + seconds(50), before), Standing::kFresh);
  see('b', start_ + seconds(2));
  EXPECT_EQ(original_.standing_after_look(a, start_ + seconds(50), before), Standing::kReplaced);
}

TEST_F(KnownOriginalTest, WhatIsHeardOfTheSameVersionOnlyLengthensIt) {
  see('a', start_);
  const auto hear = [&](char of, int second, int fresh) {
    const auto end = start_ + seconds(fresh);
    original_.heard(version(of), {start_ + seconds(second)},
                    {.fresh = end, .usable = end, .stale = end}, Clock::time_point::min());
  };
  hear('a', 1, 2);
  EXPECT_EQ(original_.fresh_for(start_), seconds(10));
  EXPECT_EQ(original_.present().validators.etag, "a");
  hear('a', 1, 60);
  EXPECT_EQ(original_.fresh_for(start_), seconds(60));
  const std::uint64_t a = original_.generation_of(version('a'), {});
  hear('b', -1, 60);
  EXPECT_EQ(standing(a, 1), Standing::kFresh) << "that was asked for before this was seen";
  hear('b', 1, 60);
  EXPECT_EQ(standing(a, 1), Standing::kReplaced);
}

TEST_F(KnownOriginalTest, ALookEndsOnce) {
  int told = 0;
  EXPECT_TRUE(original_.join_look(Route::kHere, [&] { ++told; }));
  original_.end_look(Route::kHere);
  original_.end_look(Route::kHere);
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(original_.is_to_be_looked_at(start_)) << "nobody looks";
}

TEST_F(KnownOriginalTest, DroppedLooksCallNobody) {
  auto held = std::make_shared<int>(0);
  EXPECT_TRUE(original_.join_look(Route::kOwner, [held] { ++*held; }));
  original_.drop_looks();
  EXPECT_EQ(held.use_count(), 1);
  original_.end_look(Route::kOwner);
  EXPECT_EQ(*held, 0);
}

TEST(KnownOriginalsTest, AnOriginalIsKnownAsLongAsSomebodyHoldsIt) {
  KnownOriginals all;
  EXPECT_EQ(all.find("a"), nullptr);
  const KnownOriginalPtr a = all.get("a");
  EXPECT_EQ(a->name(), "a");
  EXPECT_EQ(all.get("a"), a);
  EXPECT_EQ(all.find("a"), a);
  EXPECT_NE(all.get("b"), a);
}

TEST(KnownOriginalsTest, TheLastThousandAreKnownBesides) {
  KnownOriginals all;
  const KnownOriginalPtr held = all.get("held");
  const std::weak_ptr<KnownOriginal> old = all.get("old");
  for (int i = 0; i < 1000; ++i) EXPECT_NE(all.get(std::to_string(i)), nullptr);
  EXPECT_FALSE(old.expired());
  for (int i = 1000; i < 5000; ++i) EXPECT_NE(all.get(std::to_string(i)), nullptr);
  EXPECT_TRUE(old.expired());
  EXPECT_EQ(all.find("old"), nullptr);
  EXPECT_EQ(all.find("held"), held);
  EXPECT_NE(all.find("4999"), nullptr);
}

}  // namespace
}  // namespace imageserver
