#include "groupcache/lru.h"

#include <gtest/gtest.h>

#include <string>

#include "support/images.h"

namespace imageserver {
namespace {

class LruTest : public ::testing::Test {
 protected:
  void put(const std::string& key, std::string_view data) {
    lru_.put(key, testing::image_of(data));
  }

  std::string get(const std::string& key) {
    const ImagePtr image = lru_.get(key);
    return image ? std::string(image->data.view()) : "nothing";
  }

  std::string evict() { return std::string(lru_.evict()->data.view()); }

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
  for (int i = 0; i < 10'000; ++i) put("key", std::string(static_cast<std::size_t>(i % 7), 'x'));

  EXPECT_EQ(lru_.stats().items, 1U);
  EXPECT_EQ(lru_.stats().bytes, 3U + 12 + 9'999 % 7);
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
  const ImagePtr held = lru_.get("a");
  evict();

  EXPECT_EQ(held->data.view(), "1");
}

}  // namespace
}  // namespace imageserver
