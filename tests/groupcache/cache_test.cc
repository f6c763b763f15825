// What all caches have in common, whoever goes first.

#include "groupcache/cache.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>

#include "groupcache/lru.h"
#include "groupcache/s3_fifo.h"
#include "support/images.h"

namespace imageserver {
namespace {

constexpr Clock::time_point kNow{std::chrono::hours(1)};

template <class Kind>
class EitherCacheTest : public ::testing::Test {
 protected:
  void put(const std::string& key, std::size_t size) {
    cache_.put(key, testing::image_of(std::string(size, 'x')), kNow);
  }

  [[nodiscard]] std::size_t recount(int keys) const {
    std::size_t bytes = 0;
    for (int key = 0; key < keys; ++key) {
      const std::string name = std::to_string(key);
      if (const ImagePtr image = cache_.peek(name, kNow).image)
        bytes += name.size() + value_size(*image);
    }
    return bytes;
  }

  Kind cache_;
};

using Kinds = ::testing::Types<Lru, S3Fifo>;
TYPED_TEST_SUITE(EitherCacheTest, Kinds);

TYPED_TEST(EitherCacheTest, FindsWhatWasPutUntilItIsEvicted) {
  this->put("a", 1);
  const ImagePtr held = this->cache_.get("a", kNow).image;
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(this->cache_.get("b", kNow).image, nullptr);
  EXPECT_EQ(this->cache_.evict(), held);
  EXPECT_EQ(this->cache_.get("a", kNow).image, nullptr);
  EXPECT_EQ(held->data.view(), "x") << "it lives as long as somebody holds it";
}

TYPED_TEST(EitherCacheTest, CountsGetsHitsAndEvictionsButNoPeeks) {
  this->put("a", 1);
  this->put("b", 1);
  std::ignore = this->cache_.get("a", kNow).image;
  std::ignore = this->cache_.get("nope", kNow).image;
  std::ignore = this->cache_.peek("a", kNow).image;
  std::ignore = this->cache_.peek("nope", kNow).image;
  std::ignore = this->cache_.evict();

  const CacheStats& stats = this->cache_.stats();
  EXPECT_EQ(stats.gets, 2U);
  EXPECT_EQ(stats.hits, 1U);
  EXPECT_EQ(stats.evictions, 1U);
  EXPECT_EQ(stats.items, 1U);
  EXPECT_EQ(stats.bytes, 1U + 12 + 1);
}

TYPED_TEST(EitherCacheTest, AReplacedPictureIsHandedOverAndTheNewOneFound) {
  this->put("a", 1);
  const ImagePtr old = this->cache_.peek("a", kNow).image;
  const ImagePtr fresh = testing::image_of("fresh");
  EXPECT_EQ(this->cache_.put("a", fresh, kNow).image, old);
  EXPECT_EQ(this->cache_.peek("a", kNow).image, fresh);
  EXPECT_EQ(this->cache_.stats().items, 1U);
  EXPECT_EQ(this->cache_.stats().bytes, 1U + 12 + 5);
}

TYPED_TEST(EitherCacheTest, KnowsHowOftenAPictureIsAskedFor) {
  EXPECT_EQ(this->cache_.rate("a", kNow), std::nullopt);
  this->put("a", 1);
  const double once = *this->cache_.rate("a", kNow);
  std::ignore = this->cache_.get("a", kNow).image;
  EXPECT_NEAR(*this->cache_.rate("a", kNow), 2 * once, 1e-9);
}

TYPED_TEST(EitherCacheTest, BytesEqualARecountWhateverHappened) {
  constexpr int kKeys = 300;
  std::minstd_rand random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = std::to_string(random() % kKeys);
    if (this->cache_.get(key, kNow).image == nullptr || random() % 8 == 0)
      this->put(key, random() % 200);
    while (this->cache_.stats().bytes > 5000) std::ignore = this->cache_.evict();
    if (i % 1000 == 0) {
      ASSERT_EQ(this->cache_.stats().bytes, this->recount(kKeys));
    }
  }
  while (this->cache_.stats().items > 0) std::ignore = this->cache_.evict();
  EXPECT_EQ(this->cache_.stats().bytes, 0U);
}

}  // namespace
}  // namespace imageserver
