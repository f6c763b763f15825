#include "groupcache/ghost.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace imageserver {
namespace {

TEST(GhostTest, ARememberedKeyIsTakenOnce) {
  Ghost ghost;
  EXPECT_FALSE(ghost.take(1));
  ghost.remember(1, 10);
  EXPECT_TRUE(ghost.take(1));
  EXPECT_FALSE(ghost.take(1));
}

TEST(GhostTest, RemembersTheNewest) {
  Ghost ghost;
  for (std::uint64_t i = 0; i < 10; ++i) ghost.remember(i, 3);
  EXPECT_FALSE(ghost.take(6));
  EXPECT_TRUE(ghost.take(7));
  EXPECT_TRUE(ghost.take(8));
  EXPECT_TRUE(ghost.take(9));
}

TEST(GhostTest, ForgetsTheOldestKeysIfItsLimitFalls) {
  Ghost ghost;
  for (std::uint64_t i = 0; i < 10; ++i) ghost.remember(i, 10);
  ghost.remember(10, 2);
  EXPECT_EQ(ghost.places(), 2U);
  EXPECT_FALSE(ghost.take(8));
  EXPECT_TRUE(ghost.take(9));
  EXPECT_TRUE(ghost.take(10));
}

TEST(GhostTest, AKeyRememberedAgainIsAsNewAsTheLastTime) {
  Ghost ghost;
  ghost.remember(1, 3);
  ghost.remember(2, 3);
  ghost.remember(1, 3);
  ghost.remember(3, 3);  // gives up the first place of 1
  EXPECT_TRUE(ghost.take(1));

  ghost.remember(1, 3);  // gives up that of 2
  ghost.remember(4, 3);  // gives up the one that was taken
  EXPECT_FALSE(ghost.take(2));
  EXPECT_TRUE(ghost.take(1));
}

TEST(GhostTest, NeverHoldsMoreThanItsLimit) {
  Ghost ghost;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    ghost.remember(i % 1500, 1000);
    if (i % 3 == 0) ghost.take(i % 700);
    ASSERT_LE(ghost.places(), 1000U);
  }
}

}  // namespace
}  // namespace imageserver
