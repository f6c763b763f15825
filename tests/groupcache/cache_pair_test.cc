#include "groupcache/cache_pair.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <random>
#include <string>
#include <tuple>

#include "support/images.h"
#include "support/patience.h"

namespace imageserver {
namespace {

using testing::image_filling;

class CachePairTest : public ::testing::Test {
 protected:
  explicit CachePairTest(RingMode mode = RingMode::kBalanced,
                         CachePolicy policy = CachePolicy::kLru)
      : caches_({.limit = 800, .mode = mode, .policy = policy}) {}

  // One-letter keys; each picture takes `bytes` of the limit of 800.
  void put(Shelf shelf, char key, std::size_t bytes, char fill = 'x') {
    caches_.put(shelf, std::string(1, key), image_filling(bytes, 1, fill), now_);
  }

  bool has(char key) { return caches_.get(std::string(1, key), now_).image != nullptr; }

  Clock::time_point now_{std::chrono::hours(1)};
  CachePair caches_;
};

class GoCachePairTest : public CachePairTest {
 protected:
  GoCachePairTest() : CachePairTest(RingMode::kGo) {}
};

class S3FifoCachePairTest : public CachePairTest {
 protected:
  S3FifoCachePairTest() : CachePairTest(RingMode::kBalanced, CachePolicy::kS3Fifo) {}
};

// Whatever goes first in main. Pictures of up to 80 bytes, a tenth of the limit.
class EitherCachePairTest : public CachePairTest,
                            public ::testing::WithParamInterface<CachePolicy> {
 protected:
  EitherCachePairTest() : CachePairTest(RingMode::kBalanced, GetParam()) {}
};

INSTANTIATE_TEST_SUITE_P(Policies, EitherCachePairTest,
                         ::testing::Values(CachePolicy::kLru, CachePolicy::kS3Fifo));

TEST_P(EitherCachePairTest, LooksInMainThenInHot) {
  put(Shelf::kMain, 'm', 80);
  put(Shelf::kHot, 'h', 80);

  EXPECT_TRUE(has('m'));
  EXPECT_TRUE(has('h'));
  EXPECT_FALSE(has('x'));

  const auto [main, hot] = caches_.stats(now_);
  EXPECT_EQ(main.gets, 3U);
  EXPECT_EQ(main.hits, 1U);
  EXPECT_EQ(hot.gets, 2U);
  EXPECT_EQ(hot.hits, 1U);
}

TEST_F(CachePairTest, MayBeFullToTheLastByte) {
  put(Shelf::kMain, 'a', 400);
  put(Shelf::kMain, 'b', 400);
  EXPECT_TRUE(has('a'));
  EXPECT_TRUE(has('b'));

  put(Shelf::kMain, 'c', 100);
  EXPECT_FALSE(has('a'));
  EXPECT_EQ(caches_.stats(now_).main.evictions, 1U);
}

TEST_F(GoCachePairTest, HotGivesWayWhileItIsMoreThanAnEighthOfMain) {
  put(Shelf::kMain, 'm', 400);
  put(Shelf::kHot, 'h', 91);
  put(Shelf::kMain, 'n', 320);  // an eighth of main is now 90

  EXPECT_FALSE(has('h'));
  EXPECT_TRUE(has('m'));
}

TEST_F(GoCachePairTest, MainGivesWayWhileHotIsAnEighthOfItOrLess) {
  put(Shelf::kMain, 'm', 400);
  put(Shelf::kHot, 'h', 90);
  put(Shelf::kMain, 'n', 320);

  EXPECT_TRUE(has('h'));
  EXPECT_FALSE(has('m'));
  EXPECT_TRUE(has('n'));
}

TEST_F(GoCachePairTest, HotMayTakeWhatMainLeaves) {
  for (char key = 'a'; key < 'h'; ++key) put(Shelf::kHot, key, 100);
  EXPECT_EQ(caches_.stats(now_).hot.items, 7U);
  now_ += std::chrono::hours(24);
  EXPECT_TRUE(has('a')) << "and stays";
}

TEST_F(CachePairTest, HotNeverTakesMoreThanAnEighthOfTheLimit) {
  put(Shelf::kHot, 'a', 50);
  put(Shelf::kHot, 'b', 50);
  EXPECT_TRUE(has('a') && has('b'));
  put(Shelf::kHot, 'c', 50);
  EXPECT_FALSE(has('a'));
  EXPECT_TRUE(has('b') && has('c'));

  put(Shelf::kHot, 'd', 101);
  EXPECT_FALSE(has('d')) << "it never could be there";
  EXPECT_TRUE(has('b') && has('c'));
}

TEST_F(CachePairTest, MainTakesWhatHotLeaves) {
  put(Shelf::kHot, 'h', 100);
  put(Shelf::kMain, 'm', 400);
  put(Shelf::kMain, 'n', 300);
  EXPECT_TRUE(has('m') && has('n') && has('h'));
  put(Shelf::kMain, 'o', 20);
  EXPECT_FALSE(has('m'));
  EXPECT_TRUE(has('h'));
}

TEST_P(EitherCachePairTest, WhatIsHotIsForgottenAfterAMinute) {
  put(Shelf::kHot, 'h', 50);
  put(Shelf::kMain, 'm', 50);
  now_ += CachePair::kHotLifetime;
  EXPECT_FALSE(has('h'));
  EXPECT_TRUE(has('m'));
  EXPECT_EQ(caches_.stats(now_).hot.bytes, 0U);
}

TEST_P(EitherCachePairTest, TheCountersDoNotKnowWhatHasExpired) {
  put(Shelf::kHot, 'h', 50);
  now_ += CachePair::kHotLifetime;
  const CacheStats hot = caches_.stats(now_).hot;
  EXPECT_EQ(hot.items, 0U);
  EXPECT_EQ(hot.bytes, 0U);
  EXPECT_EQ(hot.evictions, 0U);
}

TEST_P(EitherCachePairTest, WhatHasExpiredIsNotEvicted) {
  for (const char key : {'a', 'b'}) put(Shelf::kHot, key, 50);
  now_ += CachePair::kHotLifetime;
  for (const char key : {'c', 'd'}) put(Shelf::kHot, key, 50);
  EXPECT_EQ(caches_.stats(now_).hot.evictions, 0U);
}

class FreedPicturesTest : public EitherCachePairTest {
 protected:
  ~FreedPicturesTest() override { *watches_ = false; }

  // Puts a picture that, when it is freed, sees whether the caches can be asked meanwhile.
  void put_watched(Shelf shelf, char key) {
    const ImagePtr plain = image_filling(50, 1);
    const auto end = [this, key, watches = watches_](const Image* image) {
      const std::unique_ptr<const Image> owned(image);
      if (!*watches) return;
      ++freed_;
      const auto asked =
          std::async(std::launch::async, [&] { return caches_.peek("x", now_).image; });
      EXPECT_TRUE(testing::comes(asked)) << key << " is freed while the lock is held";
    };
    caches_.put(shelf, std::string(1, key), ImagePtr(new Image(*plain), end), now_);
  }

  int freed_ = 0;

 private:
  const std::shared_ptr<bool> watches_ = std::make_shared<bool>(true);
};

INSTANTIATE_TEST_SUITE_P(Policies, FreedPicturesTest,
                         ::testing::Values(CachePolicy::kLru, CachePolicy::kS3Fifo));

TEST_P(FreedPicturesTest, OneThatIsReplacedOrEvictedIsFreedWithoutTheLock) {
  put_watched(Shelf::kMain, 'r');
  put_watched(Shelf::kMain, 'r');
  EXPECT_EQ(freed_, 1) << "replaced";
  for (char key = 'A'; key < 'A' + 16; ++key) put_watched(Shelf::kMain, key);
  EXPECT_EQ(freed_, 2) << "evicted";
}

TEST_P(FreedPicturesTest, OneThatHasExpiredIsFreedWithoutTheLock) {
  put_watched(Shelf::kHot, 'h');
  now_ += CachePair::kHotLifetime;
  EXPECT_FALSE(has('x'));
  EXPECT_EQ(freed_, 1) << "by one who misses";

  put_watched(Shelf::kHot, 'h');
  now_ += CachePair::kHotLifetime;
  std::ignore = caches_.stats(now_);
  EXPECT_EQ(freed_, 2) << "by one who reads the counters";

  put_watched(Shelf::kHot, 'h');
  now_ += CachePair::kHotLifetime;
  put_watched(Shelf::kMain, 'm');
  EXPECT_EQ(freed_, 3) << "by one who puts";
}

TEST_P(EitherCachePairTest, KnowsTheRatesOfBoth) {
  put(Shelf::kHot, 'h', 50);
  put(Shelf::kMain, 'm', 50);
  EXPECT_GT(*caches_.rate("h", now_), 0);
  EXPECT_GT(*caches_.rate("m", now_), 0);
  EXPECT_EQ(caches_.rate("x", now_), std::nullopt);
}

TEST_F(CachePairTest, AHotFloodNeverPushesMainOut) {
  put(Shelf::kMain, 'm', 700);
  for (char key = 'a'; key < 'l'; ++key) put(Shelf::kHot, key, 100);

  EXPECT_TRUE(has('m'));
  EXPECT_EQ(caches_.stats(now_).main.evictions, 0U);
}

TEST_F(CachePairTest, APictureLargerThanTheLimitIsNotKeptAndTheRestStays) {
  put(Shelf::kMain, 'm', 100);
  put(Shelf::kMain, 'l', 801);

  EXPECT_FALSE(has('l'));
  EXPECT_TRUE(has('m'));
  put(Shelf::kMain, 'e', 800);
  EXPECT_TRUE(has('e'));
}

TEST_F(CachePairTest, APictureOverItsShareOfTheLimitIsNotKept) {
  CachePair caches({.limit = 800, .policy = CachePolicy::kLru, .smallest_share = 8});
  caches.put(Shelf::kMain, "a", image_filling(100, 1), now_);
  caches.put(Shelf::kMain, "b", image_filling(101, 1), now_);
  EXPECT_NE(caches.get("a", now_).image, nullptr);
  EXPECT_EQ(caches.get("b", now_).image, nullptr);
}

TEST_F(S3FifoCachePairTest, APictureOverATenthOfTheLimitIsNotKept) {
  put(Shelf::kMain, 'a', 80);
  put(Shelf::kMain, 'b', 81);
  put(Shelf::kHot, 'c', 81);
  EXPECT_TRUE(has('a'));
  EXPECT_FALSE(has('b'));
  EXPECT_FALSE(has('c'));
  EXPECT_EQ(caches_.stats(now_).main.evictions, 0U);
}

TEST_F(S3FifoCachePairTest, AScanPushesNothingOutThatIsUsed) {
  for (const char key : {'a', 'b', 'c'}) put(Shelf::kMain, key, 80);
  EXPECT_TRUE(has('a') && has('b') && has('c'));
  EXPECT_TRUE(has('a') && has('b') && has('c'));
  for (int i = 10'000; i < 11'000; ++i) {
    caches_.put(Shelf::kMain, std::to_string(i), image_filling(80, 5), now_);
  }
  EXPECT_TRUE(has('a') && has('b') && has('c'));
}

TEST_F(S3FifoCachePairTest, MainTakesWhatHotLeaves) {
  for (char key = 'a'; key < 'k'; ++key) put(Shelf::kMain, key, 80);
  EXPECT_EQ(caches_.stats(now_).main.bytes, 800U) << "full to the last byte";
  put(Shelf::kHot, 'y', 50);
  put(Shelf::kHot, 'z', 50);
  const auto [main, hot] = caches_.stats(now_);
  EXPECT_EQ(main.bytes, 640U);
  EXPECT_EQ(main.evictions, 2U);
  EXPECT_EQ(hot.bytes, 100U);
}

TEST_F(S3FifoCachePairTest, HotIsLru) {
  put(Shelf::kHot, 'a', 50);
  put(Shelf::kHot, 'b', 50);
  EXPECT_TRUE(has('a'));
  put(Shelf::kHot, 'c', 50);
  EXPECT_TRUE(has('a'));
  EXPECT_FALSE(has('b'));
}

// Upper-case keys go to main and lower-case ones to hot, so that none is on both shelves.
TEST_P(EitherCachePairTest, BytesEqualARecountWhateverHappened) {
  std::minstd_rand random(1);
  for (int i = 0; i < 20'000; ++i) {
    const bool hot = random() % 4 == 0;
    const char key = static_cast<char>((hot ? 'a' : 'A') + random() % 26);
    put(hot ? Shelf::kHot : Shelf::kMain, key, 20 + random() % 300);
    has(static_cast<char>('A' + random() % 26));
    const auto stats = caches_.stats(now_);
    ASSERT_LE(stats.main.bytes + stats.hot.bytes, 800U);
  }

  const auto stats = caches_.stats(now_);
  std::uint64_t recount = 0;
  for (char key = 'A'; key <= 'z'; ++key) {
    const std::string name(1, key);
    if (const ImagePtr image = caches_.get(name, now_).image)
      recount += name.size() + value_size(*image);
  }
  EXPECT_GT(recount, 0U);
  EXPECT_EQ(recount, stats.main.bytes + stats.hot.bytes);
}

class CachePairOffTest : public ::testing::TestWithParam<CachePolicy> {};

INSTANTIATE_TEST_SUITE_P(Policies, CachePairOffTest,
                         ::testing::Values(CachePolicy::kLru, CachePolicy::kS3Fifo));

TEST_P(CachePairOffTest, ALimitOfZeroOrLessKeepsAndCountsNothing) {
  for (const std::int64_t limit : {0, -1, -1'000'000}) {
    CachePair caches({.limit = limit, .policy = GetParam()});
    caches.put(Shelf::kMain, "a", testing::image_of("x"), {});
    EXPECT_EQ(caches.get("a", {}).image, nullptr);
    EXPECT_EQ(caches.stats({}).main.gets, 0U);
    EXPECT_EQ(caches.stats({}).main.items, 0U);
  }
}

}  // namespace
}  // namespace imageserver
