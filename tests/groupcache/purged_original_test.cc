// What purges do to what is known of an original.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "groupcache/known_original.h"
#include "support/node_purges.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::seconds;
using testing::version;
using Strength = testing::NodePurges::Strength;

class PurgedOriginalTest : public ::testing::Test {
 protected:
  // Fresh for 10 s, usable for 20 s, stale for 30 s from then on.
  void see(char of, const KnownOriginal::Beginning& begun) {
    original_.seen({.version = version(of),
                    .validators = {.etag = "tag", .last_modified = ""},
                    .begun = begun,
                    .freshness = {.fresh = begun.at + seconds(10),
                                  .usable = begun.at + seconds(20),
                                  .stale = begun.at + seconds(30)}});
  }

  [[nodiscard]] Clock::time_point at(int second) const { return start_ + seconds(second); }

  [[nodiscard]] Standing standing(std::uint64_t generation, int second) {
    return original_.standing(generation, at(second));
  }

  // Of something that began, and was made of the version, at that second.
  std::uint64_t made_at(int second, std::optional<Version> of) {
    return original_.generation_of(of, original_.begin(at(second)));
  }

  const Clock::time_point start_ = Clock::time_point() + std::chrono::hours(1);
  testing::NodePurges purges_;
  KnownOriginal original_{"a.jpg", &purges_.log};
};

TEST_F(PurgedOriginalTest, AHardPurgeReplacesWhatWasMadeBefore) {
  see('a', original_.begin(at(0)));
  const std::uint64_t before = made_at(0, version('a'));
  EXPECT_EQ(standing(before, 1), Standing::kFresh);
  purges_.purge("a.jpg");
  EXPECT_EQ(standing(before, 1), Standing::kReplaced);
  EXPECT_EQ(original_.standing_after_look(before, at(1), 0), Standing::kReplaced);
}

TEST_F(PurgedOriginalTest, PurgesOfOthersChangeNothing) {
  see('a', original_.begin(at(0)));
  const std::uint64_t before = made_at(0, version('a'));
  const std::uint64_t without_version = made_at(0, std::nullopt);
  purges_.purge("b.jpg");
  EXPECT_EQ(standing(before, 1), Standing::kFresh);
  EXPECT_EQ(standing(without_version, 1), Standing::kFresh);
  EXPECT_EQ(original_.fence(at(1)), 0U);
}

TEST_F(PurgedOriginalTest, BehindAHardPurgeTheSameVersionIsFetchedAnewAndHolds) {
  see('a', original_.begin(at(0)));
  const std::uint64_t before = made_at(0, version('a'));
  purges_.purge("a.jpg");
  EXPECT_LT(original_.fresh_for(at(1)), seconds(0));
  EXPECT_TRUE(original_.present().validators.empty()) << "no condition, so the bytes come anew";
  EXPECT_FALSE(original_.present().version);
  see('a', original_.begin(at(2)));
  EXPECT_EQ(standing(made_at(2, version('a')), 3), Standing::kFresh);
  EXPECT_EQ(standing(before, 3), Standing::kReplaced);
}

TEST_F(PurgedOriginalTest, ALookThatBeganBeforeAPurgeCountsNothing) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    const KnownOriginal::Beginning begun = original_.begin(at(0));
    purges_.purge("a.jpg", strength);
    see('a', begun);
    EXPECT_LT(original_.fresh_for(at(1)), seconds(0));
    original_.heard(version('b'), begun, {.fresh = at(9), .usable = at(9), .stale = at(9)}, {});
    EXPECT_LT(original_.fresh_for(at(1)), seconds(0));
    EXPECT_NE(original_.present().version, version('b'));
  }
}

TEST_F(PurgedOriginalTest, WhatBeganBeforeAPurgeIsNotKept) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    const KnownOriginal::Beginning begun = original_.begin(at(0));
    purges_.purge("a.jpg", strength);
    see('a', original_.begin(at(0)));
    EXPECT_EQ(standing(original_.generation_of(version('a'), begun), 1), Standing::kReplaced);
    EXPECT_EQ(standing(original_.generation_of(std::nullopt, begun), 1), Standing::kReplaced);
    EXPECT_EQ(standing(made_at(1, version('a')), 1), Standing::kFresh);
  }
}

TEST_F(PurgedOriginalTest, WhatHasNoVersionHoldsUntilTheNextPurge) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    const std::uint64_t before = made_at(0, std::nullopt);
    EXPECT_EQ(standing(before, 1000), Standing::kFresh);
    purges_.purge("a.jpg", strength);
    EXPECT_EQ(standing(before, 1), Standing::kReplaced) << "nobody can look whether it is right";
    EXPECT_EQ(standing(made_at(1, std::nullopt), 2), Standing::kFresh);
  }
}

// A version that only the owner has looked at, of a watermark say.
TEST_F(PurgedOriginalTest, BehindAPurgeAVersionIsTakenOnTrustAsBeforeIt) {
  purges_.purge("a.jpg");
  const std::uint64_t made = made_at(0, version('a'));
  EXPECT_EQ(standing(made, 1), Standing::kUnsure);
  EXPECT_EQ(made_at(1, version('a')), made);
}

TEST_F(PurgedOriginalTest, ASoftPurgeEndsFreshnessAndKeepsTheRest) {
  see('a', original_.begin(at(0)));
  const std::uint64_t made = made_at(0, version('a'));
  purges_.purge("a.jpg", Strength::kSoft);
  EXPECT_EQ(standing(made, 2), Standing::kStale);
  EXPECT_TRUE(original_.is_to_be_looked_at(at(2)));
  EXPECT_EQ(original_.present().validators.etag, "tag") << "a condition that may be sent";
  EXPECT_EQ(standing(made, 11), Standing::kStale);
  EXPECT_EQ(standing(made, 12), Standing::kUnsure) << "10 s later, as if fresh had ended at 2";
  EXPECT_EQ(original_.standing_after_look(made, at(21), original_.sights()), Standing::kStale);
  EXPECT_EQ(original_.standing_after_look(made, at(22), original_.sights()), Standing::kReplaced);
  see('a', original_.begin(at(23)));
  EXPECT_EQ(standing(made, 24), Standing::kFresh);
}

TEST_F(PurgedOriginalTest, ASoftPurgeMakesNothingUsableThatIsNotAnyMore) {
  see('a', original_.begin(at(0)));
  const std::uint64_t made = made_at(0, version('a'));
  EXPECT_EQ(standing(made, 25), Standing::kUnsure);
  purges_.purge("a.jpg", Strength::kSoft);
  EXPECT_EQ(standing(made, 25), Standing::kUnsure);
}

TEST_F(PurgedOriginalTest, ALookMayBeginAtOnceAfterAPurge) {
  see('a', original_.begin(at(0)));
  original_.not_seen(original_.begin(at(0)), at(60));
  EXPECT_TRUE(original_.is_resting(at(30)));
  purges_.purge("a.jpg", Strength::kSoft);
  EXPECT_TRUE(original_.is_to_be_looked_at(at(30)));
}

TEST_F(PurgedOriginalTest, ALookThatFailsAfterAPurgeAndBeganBeforePutsOffNoOther) {
  see('a', original_.begin(at(0)));
  const KnownOriginal::Beginning begun = original_.begin(at(11));
  purges_.purge("a.jpg", Strength::kSoft);
  original_.not_seen(begun, at(60));
  EXPECT_TRUE(original_.is_to_be_looked_at(at(30)));
}

// What falls out of a full log is a soft purge of all, for those alone who have not heeded it.
TEST_F(PurgedOriginalTest, AFullLogFencesOffNobodyWhoHasHeededIt) {
  PurgeLog small(purges_.clock, {.records = 2});
  KnownOriginal original("a.jpg", &small);
  KnownOriginal late("a.jpg", &small);
  small.take(purges_.record_of("b.jpg"));
  original.seen({.version = version('a'),
                 .begun = original.begin(at(0)),
                 .freshness = {.fresh = at(100), .usable = at(100), .stale = at(100)}});
  const KnownOriginal::Beginning begun = original.begin(at(1));
  const std::uint64_t made = original.generation_of(version('a'), begun);
  for (int i = 0; i < 5; ++i) {
    small.take(purges_.record_of("b.jpg"));
    EXPECT_EQ(original.fence(at(2)), begun.fence);
    EXPECT_EQ(original.standing(made, at(2)), Standing::kFresh);
  }
  EXPECT_GT(late.fence(at(2)), 0U);
}

TEST_F(PurgedOriginalTest, OfSeveralPurgesTheHardOneHolds) {
  see('a', original_.begin(at(0)));
  const std::uint64_t made = made_at(0, version('a'));
  purges_.purge("a.jpg");
  purges_.purge("a.jpg", Strength::kSoft);
  EXPECT_EQ(standing(made, 1), Standing::kReplaced);
  EXPECT_EQ(original_.fence(at(1)), 2U);
}

TEST_F(PurgedOriginalTest, DoubtsAreASoftPurgeOfAll) {
  see('a', original_.begin(at(0)));
  const std::uint64_t made = made_at(0, version('a'));
  purges_.log.doubt_all();
  EXPECT_EQ(standing(made, 2), Standing::kStale);
}

TEST_F(PurgedOriginalTest, AnOriginalThatIsNewHereHeedsOldPurges) {
  purges_.purge("b.jpg");
  KnownOriginal late("b.jpg", &purges_.log);
  EXPECT_EQ(late.begin(at(0)).fence, 1U);
}

}  // namespace
}  // namespace imageserver
