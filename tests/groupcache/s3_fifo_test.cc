#include "groupcache/s3_fifo.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "support/images.h"

namespace imageserver {
namespace {

constexpr Clock::time_point kNow{std::chrono::hours(1)};

class S3FifoTest : public ::testing::Test {
 protected:
  // A picture that says its key.
  void put(const std::string& key) { cache_.put(key, testing::image_of(key), kNow); }

  void use(const std::string& key, int times) {
    for (int i = 0; i < times; ++i) std::ignore = cache_.get(key, kNow).image;
  }

  bool has(const std::string& key) const { return cache_.peek(key, kNow).image != nullptr; }

  std::string evict() { return std::string(cache_.evict()->data.view()); }

  // By way of the ghost. REQUIRES: the cache is empty, or holds a few in main alone.
  void put_in_main(const std::string& key) {
    put(key);
    ASSERT_EQ(evict(), key);
    put(key);
  }

  // Every picture in small goes, to main or for good: a large one that comes last makes small the
  // larger queue until it goes itself. Of those that are used one in 256 is evicted as well.
  void empty_small() {
    const std::string large = "large " + std::to_string(++larges_);
    cache_.put(large, testing::image_of(std::string(kLarge, 'x')), kNow);
    while (has(large)) std::ignore = cache_.evict();
  }

  // Takes as many pictures to main by way of the ghost. REQUIRES: small is empty, and the ghost has
  // room for so many.
  void bring_back(const std::string& name, int many) {
    for (int twice = 0; twice < 2; ++twice) {
      for (int i = 0; i < many; ++i) put(name + " " + std::to_string(i));
      empty_small();
    }
  }

  // Of pictures that leave small now, the keys of so many are remembered, and not of one more.
  // REQUIRES: small is empty.
  void expect_remembered(int most) {
    const std::size_t before = cache_.stats().items;
    for (int i = 0; i < most; ++i) put("seen " + std::to_string(i));
    empty_small();
    ASSERT_EQ(cache_.stats().items, before);
    for (const char* const key : {"seen 0", "seen 1"}) put(key);
    empty_small();
    EXPECT_FALSE(has("seen 0")) << "the large one has taken its place";
    EXPECT_TRUE(has("seen 1"));
  }

  // As one who asks a cache that has room for `most` pictures.
  void ask(const std::string& key, std::size_t most) {
    if (cache_.get(key, kNow).image) return;
    put(key);
    while (cache_.stats().items > most) std::ignore = cache_.evict();
  }

  static constexpr std::size_t kLarge = 10'000'000;
  static constexpr int kFewest = static_cast<int>(S3Fifo::kFewestGhosts);

  S3Fifo cache_;
  int larges_ = 0;
};

TEST_F(S3FifoTest, TheOldestOfThoseNotUsedAgainGoesFirst) {
  for (const char* const key : {"a", "b", "c", "d"}) put(key);
  use("c", 1);
  EXPECT_EQ(evict(), "a");
  EXPECT_EQ(evict(), "b");
  EXPECT_EQ(evict(), "c") << "used once more only";
  EXPECT_EQ(evict(), "d");
}

TEST_F(S3FifoTest, WhatIsUsedTwiceMoreStays) {
  for (const char* const key : {"a", "b", "c", "d"}) put(key);
  use("a", 2);
  EXPECT_EQ(evict(), "b");
  EXPECT_EQ(evict(), "c");
  EXPECT_EQ(evict(), "d");
  EXPECT_EQ(evict(), "a") << "in main its uses are counted anew";
}

TEST_F(S3FifoTest, UsesInSmallKeepNothingInMain) {
  for (const char* const key : {"a", "b", "c"}) put(key);
  use("a", 3);
  EXPECT_EQ(evict(), "b") << "a goes to main first";
  EXPECT_EQ(evict(), "c");
  put("b");  // enters main behind a
  EXPECT_EQ(evict(), "a");
}

TEST_F(S3FifoTest, WhereAllAreUsedTheOldestGoes) {
  for (const char* const key : {"a", "b", "c", "d"}) put(key);
  for (const char* const key : {"a", "b", "c", "d"}) use(key, 2);
  EXPECT_EQ(evict(), "a");
  EXPECT_EQ(evict(), "b");
}

TEST_F(S3FifoTest, WhatComesBackEntersMain) {
  put_in_main("a");
  put("b");
  EXPECT_EQ(evict(), "b") << "which is newer, but in small";
  EXPECT_TRUE(has("a"));
}

TEST_F(S3FifoTest, APeekDoesNotCountAsAUse) {
  for (const char* const key : {"a", "b"}) put(key);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(has("a"));
  EXPECT_EQ(evict(), "a");
}

TEST_F(S3FifoTest, AKeyThatIsPutAgainKeepsItsPlace) {
  put_in_main("a");
  put("b");
  put("a");
  EXPECT_EQ(evict(), "b");
  EXPECT_EQ(evict(), "a");
}

TEST_F(S3FifoTest, UsesAreCountedUpToThree) {
  put_in_main("a");
  put_in_main("b");
  use("a", 100);
  use("b", 3);
  EXPECT_EQ(evict(), "a") << "it is the older one";
}

TEST_F(S3FifoTest, EachUseKeepsAKeyInMainForOneMoreTurn) {
  put_in_main("a");
  put_in_main("b");
  put_in_main("c");
  use("a", 2);
  use("b", 1);
  EXPECT_EQ(evict(), "c");
  EXPECT_EQ(evict(), "b");
  EXPECT_EQ(evict(), "a");
}

TEST_F(S3FifoTest, AnEvictionInspectsTwoHundredAndFiftySixAtMost) {
  for (int i = 0; i < 1'000; ++i) put(std::to_string(i));
  for (int i = 0; i < 1'000; ++i) use(std::to_string(i), 3);
  EXPECT_EQ(evict(), "255");
  EXPECT_EQ(evict(), "511");
}

TEST_F(S3FifoTest, EvictionEndsThoughEveryKeyHasTheMostUses) {
  for (int i = 0; i < 10'000; ++i) put(std::to_string(i));
  for (int i = 0; i < 10'000; ++i) use(std::to_string(i), 3);
  std::ignore = evict();  // takes nine of ten to main
  for (int i = 0; i < 10'000; ++i) use(std::to_string(i), 3);
  for (int left = 9'999; left > 0; --left) std::ignore = evict();
  EXPECT_EQ(cache_.stats().items, 0U);
  EXPECT_EQ(cache_.stats().bytes, 0U);
}

TEST_F(S3FifoTest, AScanPushesNothingOutThatIsUsed) {
  constexpr std::size_t kRoom = 200;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 100; ++i) ask("used " + std::to_string(i), kRoom);
  }
  for (int i = 0; i < 10'000; ++i) ask("scanned " + std::to_string(i), kRoom);

  for (int i = 0; i < 100; ++i) EXPECT_TRUE(has("used " + std::to_string(i))) << i;
}

TEST_F(S3FifoTest, KeysAreRememberedForAWhile) {
  constexpr int kAsked = 10'000;
  for (int i = 0; i < kAsked; ++i) ask(std::to_string(i), 8);
  while (cache_.stats().items > 0) std::ignore = evict();

  constexpr int kOldest = kAsked - kFewest;
  put(std::to_string(kOldest - 1));
  put(std::to_string(kOldest));
  EXPECT_EQ(evict(), std::to_string(kOldest - 1)) << "it is not";
  put("another");
  EXPECT_EQ(evict(), "another");
  EXPECT_EQ(evict(), std::to_string(kOldest));
}

TEST_F(S3FifoTest, AsManyKeysAreRememberedAsThereArePicturesInMain) {
  constexpr int kMany = 3 * kFewest;
  for (int i = 0; i < kMany; ++i) {
    put("popular " + std::to_string(i));
    use("popular " + std::to_string(i), 2);
  }
  empty_small();
  const auto in_main = static_cast<int>(cache_.stats().items);
  ASSERT_GT(in_main, kMany * 9 / 10);

  expect_remembered(in_main);
}

TEST_F(S3FifoTest, APictureThatCameBackCountsAsOneInMain) {
  for (int round = 0; round < 2; ++round) bring_back("round " + std::to_string(round), 1000);
  ASSERT_EQ(cache_.stats().items, 2000U);

  expect_remembered(2000);
}

TEST_F(S3FifoTest, APictureThatHasLeftMainCountsNoLonger) {
  for (int round = 0; round < 2; ++round) bring_back("round " + std::to_string(round), 1000);
  while (cache_.stats().items > 0) std::ignore = evict();

  expect_remembered(kFewest);
}

}  // namespace
}  // namespace imageserver
