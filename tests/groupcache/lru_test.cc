#include "groupcache/lru.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/images.h"

namespace imageserver {
namespace {

class LruTest : public ::testing::Test {
 protected:
  explicit LruTest(std::optional<Clock::duration> lifetime = std::nullopt) : lru_(lifetime) {}

  void put(const std::string& key, std::string_view data) {
    lru_.put(key, testing::image_of(data), now_);
  }

  std::string get(const std::string& key) {
    const ImagePtr image = lru_.get(key, now_).image;
    return image ? std::string(image->data.view()) : "nothing";
  }

  std::string evict() { return std::string(lru_.evict()->data.view()); }

  Clock::time_point now_{std::chrono::hours(1)};
  Lru lru_;
};

TEST_F(LruTest, FindsWhatWasPut) {
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), "nothing");
}

TEST_F(LruTest, TheLeastRecentlyUsedGoesFirst) {
  put("a", "1");
  put("b", "2");
  put("c", "3");
  get("a");

  EXPECT_EQ(evict(), "2");
  EXPECT_EQ(evict(), "3");
  EXPECT_EQ(evict(), "1");
  EXPECT_EQ(lru_.stats().items, 0U);
}

TEST_F(LruTest, ReplacingAKeyMakesItTheMostRecent) {
  put("a", "1");
  put("b", "2");
  put("a", "3");

  EXPECT_EQ(evict(), "2");
  EXPECT_EQ(get("a"), "3");
}

TEST_F(LruTest, CountsKeysAndValuesInBytes) {
  put("key", "12345");
  EXPECT_EQ(lru_.stats().bytes, 3U + 4 + 4 + 4 + 5);

  put("other", "");
  EXPECT_EQ(lru_.stats().bytes, 20U + 5 + 12);

  evict();
  EXPECT_EQ(lru_.stats().bytes, 17U);
  evict();
  EXPECT_EQ(lru_.stats().bytes, 0U);
}

TEST_F(LruTest, BytesStayExactHoweverOftenAKeyIsReplaced) {
  std::vector<ImagePtr> images;
  for (std::size_t size = 0; size < 7; ++size) {
    images.push_back(testing::image_of(std::string(size, 'x')));
  }
  for (std::size_t i = 0; i < 1'000'000; ++i) lru_.put("key", images[i % 7], now_);

  EXPECT_EQ(lru_.stats().items, 1U);
  EXPECT_EQ(lru_.stats().bytes, 3U + 12 + 999'999 % 7);
}

TEST_F(LruTest, CountsGetsHitsAndEvictions) {
  put("a", "1");
  put("b", "2");
  get("a");
  get("a");
  get("nope");
  evict();

  EXPECT_EQ(lru_.stats().gets, 3U);
  EXPECT_EQ(lru_.stats().hits, 2U);
  EXPECT_EQ(lru_.stats().evictions, 1U);
  EXPECT_EQ(lru_.stats().items, 1U);
}

TEST_F(LruTest, AnEvictedPictureLivesAsLongAsSomebodyHoldsIt) {
  put("a", "1");
  const ImagePtr held = lru_.get("a", now_).image;
  evict();

  EXPECT_EQ(held->data.view(), "1");
}

TEST_F(LruTest, KnowsHowOftenAPictureIsAskedFor) {
  EXPECT_EQ(lru_.rate("a", now_), std::nullopt);
  put("a", "1");
  const double once = *lru_.rate("a", now_);
  EXPECT_GT(once, 0);
  for (int i = 0; i < 9; ++i) get("a");
  EXPECT_NEAR(*lru_.rate("a", now_), 10 * once, 1e-9) << "the first one asked for it as well";

  put("a", "2");
  EXPECT_NEAR(*lru_.rate("a", now_), 10 * once, 1e-9) << "it is the same picture still";
}

class AgeingLruTest : public LruTest {
 protected:
  AgeingLruTest() : LruTest(std::chrono::seconds(60)) {}

  std::string drop_expired() {
    const ImagePtr image = lru_.drop_expired(now_);
    return image ? std::string(image->data.view()) : "nothing";
  }
};

TEST_F(AgeingLruTest, APictureIsFoundUntilItsTimeIsUp) {
  put("a", "1");
  now_ += std::chrono::milliseconds(59'999);
  EXPECT_EQ(get("a"), "1");
  now_ += std::chrono::milliseconds(1);
  EXPECT_EQ(get("a"), "nothing") << "however lately it was used";
  EXPECT_EQ(lru_.rate("a", now_), std::nullopt);
}

TEST_F(AgeingLruTest, WhatIsTooOldIsDroppedOldestFirst) {
  put("a", "1");
  now_ += std::chrono::seconds(1);
  put("b", "2");
  get("a");
  EXPECT_EQ(drop_expired(), "nothing");

  now_ += std::chrono::seconds(59);
  EXPECT_EQ(drop_expired(), "1");
  EXPECT_EQ(drop_expired(), "nothing");
  EXPECT_EQ(lru_.stats().items, 1U);
  EXPECT_EQ(lru_.stats().bytes, 1U + 12 + 1);
  EXPECT_EQ(lru_.stats().evictions, 0U) << "those are for room";
}

TEST_F(AgeingLruTest, AReplacedPictureIsYoungAgain) {
  put("a", "1");
  put("b", "2");
  now_ += std::chrono::seconds(30);
  put("a", "3");
  now_ += std::chrono::seconds(30);
  EXPECT_EQ(drop_expired(), "2");
  EXPECT_EQ(drop_expired(), "nothing");
  EXPECT_EQ(get("a"), "3");
}

TEST_F(AgeingLruTest, WhatWasEvictedIsNotDroppedOnceMore) {
  put("a", "1");
  put("b", "2");
  EXPECT_EQ(evict(), "1");
  now_ += std::chrono::seconds(60);
  EXPECT_EQ(drop_expired(), "2");
  EXPECT_EQ(drop_expired(), "nothing");
}

}  // namespace
}  // namespace imageserver
