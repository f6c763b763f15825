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

TEST(NegativeCacheTest, AllThatAreTooOldAreForgottenAtOnce) {
  NegativeCache cache(milliseconds(100));
  const Deadline start = Clock::now();
  for (const char* const key : {"a", "b", "c"}) cache.put(key, kError, start);
  EXPECT_EQ(cache.find("c", start + milliseconds(100)), std::nullopt);
  EXPECT_EQ(cache.find("b", start + milliseconds(100)), std::nullopt);
}

// Whoever asks may have looked at the clock before the other thread did.
TEST(NegativeCacheTest, WithATimeOfZeroNothingIsRememberedEver) {
  NegativeCache cache(milliseconds(0));
  const Deadline start = Clock::now();
  cache.put("a", kError, start);
  EXPECT_EQ(cache.find("a", start - milliseconds(1)), std::nullopt);
  EXPECT_EQ(cache.find("a", start), std::nullopt);
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
