#include "groupcache/negative_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

const Error kError{ErrorKind::kDeadly, "died"};
constexpr milliseconds kTime{100};

TEST(NegativeCacheTest, AnErrorIsForgottenWhenItsTimeIsOver) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  cache.put("a", kError, kTime, start);
  EXPECT_EQ(cache.find("a", start), kError);
  EXPECT_EQ(cache.find("a", start + milliseconds(99)), kError);
  EXPECT_EQ(cache.find("a", start + milliseconds(100)), std::nullopt);
  EXPECT_EQ(cache.find("b", start), std::nullopt);
}

// One that is found again lasts no longer than at first.
TEST(NegativeCacheTest, TheFirstTimeCounts) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  cache.put("a", kError, kTime, start);
  cache.put("a", kError, kTime, start + milliseconds(50));
  EXPECT_EQ(cache.find("a", start + milliseconds(100)), std::nullopt);
  cache.put("a", kError, kTime, start + milliseconds(100));
  EXPECT_EQ(cache.find("a", start + milliseconds(199)), kError);
}

TEST(NegativeCacheTest, AllThatAreTooOldAreForgottenAtOnce) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  for (const char* const key : {"a", "b", "c"}) cache.put(key, kError, kTime, start);
  EXPECT_EQ(cache.find("c", start + milliseconds(100)), std::nullopt);
  EXPECT_EQ(cache.find("b", start + milliseconds(100)), std::nullopt);
}

TEST(NegativeCacheTest, EachLastsForItsOwnTime) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  cache.put("long", kError, milliseconds(100), start);
  cache.put("short", kError, milliseconds(10), start);
  EXPECT_EQ(cache.find("short", start + milliseconds(9)), kError);
  EXPECT_EQ(cache.find("short", start + milliseconds(10)), std::nullopt);
  EXPECT_EQ(cache.find("long", start + milliseconds(99)), kError);
}

// It is still kept behind the one that lasts longer.
TEST(NegativeCacheTest, OneWhoseTimeIsOverMakesWayForAnother) {
  NegativeCache cache;
  const Error other{ErrorKind::kOrigin, "again"};
  const Deadline start = Clock::now();
  cache.put("long", kError, milliseconds(100), start);
  cache.put("short", kError, milliseconds(10), start);
  cache.put("short", other, milliseconds(10), start + milliseconds(20));
  EXPECT_EQ(cache.find("short", start + milliseconds(29)), other);
  EXPECT_EQ(cache.find("short", start + milliseconds(30)), std::nullopt);
}

// Whoever asks may have looked at the clock before the other thread did.
TEST(NegativeCacheTest, WithATimeOfZeroNothingIsRememberedEver) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  cache.put("a", kError, milliseconds(0), start);
  EXPECT_EQ(cache.find("a", start - milliseconds(1)), std::nullopt);
  EXPECT_EQ(cache.find("a", start), std::nullopt);
}

TEST(NegativeCacheTest, OfTooManyTheOldestGoes) {
  NegativeCache cache;
  const Deadline start = Clock::now();
  for (int i = 0; i < 1100; ++i) cache.put(std::to_string(i), kError, kTime, start);
  EXPECT_EQ(cache.find("0", start), std::nullopt);
  EXPECT_EQ(cache.find("1099", start), kError);
  EXPECT_EQ(cache.find("200", start), kError);
}

}  // namespace
}  // namespace imageserver
