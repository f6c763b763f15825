#include "groupcache/negative_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

const Error kError{ErrorKind::kDeadly, "died"};

TEST(NegativeCacheTest, AnErrorIsForgottenWhenItsTimeIsOver) {
  NegativeCache cache(milliseconds(100));
  const Deadline start = Clock::now();
  cache.put("a", kError, start);
  EXPECT_EQ(cache.find("a", start), kError);
  EXPECT_EQ(cache.find("a", start + milliseconds(99)), kError);
  EXPECT_EQ(cache.find("a", start + milliseconds(100)), std::nullopt);
  EXPECT_EQ(cache.find("b", start), std::nullopt);
}

// One that is found again lasts no longer than at first.
TEST(NegativeCacheTest, TheFirstTimeCounts) {
  NegativeCache cache(milliseconds(100));
  const Deadline start = Clock::now();
  cache.put("a", kError, start);
  cache.put("a", kError, start + milliseconds(50));
  EXPECT_EQ(cache.find("a", start + milliseconds(100)), std::nullopt);
  cache.put("a", kError, start + milliseconds(100));
  EXPECT_EQ(cache.find("a", start + milliseconds(199)), kError);
}

TEST(NegativeCacheTest, OfTooManyTheOldestGoes) {
  NegativeCache cache(milliseconds(100));
  const Deadline start = Clock::now();
  for (int i = 0; i < 1100; ++i) cache.put(std::to_string(i), kError, start);
  EXPECT_EQ(cache.find("0", start), std::nullopt);
  EXPECT_EQ(cache.find("1099", start), kError);
  EXPECT_EQ(cache.find("200", start), kError);
}

}  // namespace
}  // namespace imageserver
