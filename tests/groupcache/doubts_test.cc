#include "groupcache/doubts.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace imageserver {
namespace {

Doubt doubt(std::uint64_t millis) {
  return {.stamp = {.millis = millis}, .id = std::to_string(millis)};
}

TEST(DoubtsTest, OneIsNewOnce) {
  Doubts doubts;
  EXPECT_FALSE(doubts.knows("5"));
  EXPECT_TRUE(doubts.add(doubt(5)));
  EXPECT_TRUE(doubts.knows("5"));
  EXPECT_FALSE(doubts.add(doubt(5)));
  EXPECT_EQ(doubts.all(), std::vector{doubt(5)});
}

TEST(DoubtsTest, TheOldestComesFirst) {
  Doubts doubts;
  for (const std::uint64_t millis : {5, 3, 9}) doubts.add(doubt(millis));
  EXPECT_EQ(doubts.all(), (std::vector{doubt(3), doubt(5), doubt(9)}));
}

TEST(DoubtsTest, OfTwoForOneReasonTheNewerOneStays) {
  Doubts doubts;
  doubts.add(doubt(5));
  doubts.add(doubt(7));
  EXPECT_FALSE(doubts.add({.stamp = {.millis = 9}, .id = "5"}));
  EXPECT_FALSE(doubts.add({.stamp = {.millis = 6}, .id = "7"}));
  EXPECT_EQ(doubts.all(), (std::vector<Doubt>{doubt(7), {.stamp = {.millis = 9}, .id = "5"}}));
}

TEST(DoubtsTest, OfTooManyTheOldestGoes) {
  Doubts doubts;
  for (std::uint64_t millis = 100; millis < 100 + Doubts::kMost; ++millis) {
    EXPECT_TRUE(doubts.add(doubt(millis)));
  }
  EXPECT_FALSE(doubts.add(doubt(99)));
  EXPECT_TRUE(doubts.knows("100"));
  EXPECT_TRUE(doubts.add(doubt(1000)));
  EXPECT_FALSE(doubts.knows("100"));
  EXPECT_EQ(doubts.all().size(), Doubts::kMost);
}

TEST(DoubtsTest, InWhichOrderTheyCameDoesNotMatter) {
  Doubts one;
  Doubts other;
  for (std::uint64_t i = 0; i < 200; ++i) {
    one.add(doubt(i));
    other.add(doubt(199 - i));
  }
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace imageserver
