#include "handlers/serving.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

std::string cache_status(const Serving& serving) {
  Response response;
  add_cache_status(response, serving);
  return response.fields;
}

TEST(ServingTest, AHitIsNamedAsOne) {
  const Serving serving = serving_of({});
  EXPECT_EQ(cache_status(serving), "Cache-Status: imageserver; hit\r\n");
  EXPECT_EQ(CacheControl(300).of(serving), "public, max-age=300");
}

// RFC 9211, section 2.3: the remaining freshness lifetime is below 0 for a stale answer.
TEST(ServingTest, AStaleHitSaysForHowLongItWasStale) {
  const Serving serving = serving_of({.stale_since = milliseconds(5'999)});
  EXPECT_EQ(cache_status(serving), "Cache-Status: imageserver; hit; ttl=-5\r\n");
  EXPECT_EQ(CacheControl(300).of(serving), "public, max-age=1");
  EXPECT_EQ(CacheControl(0).of(serving), "public, max-age=0");
}

TEST(ServingTest, AMissSaysWhyItWentForward) {
  EXPECT_EQ(cache_status(serving_after(false, std::nullopt)),
            "Cache-Status: imageserver; fwd=uri-miss\r\n");
  EXPECT_EQ(cache_status(serving_after(true, milliseconds(10))),
            "Cache-Status: imageserver; fwd=stale\r\n");
}

TEST(ServingTest, WhatIsStaleAtOnceIsKeptByNobody) {
  const Serving serving = serving_after(false, milliseconds(0));
  EXPECT_EQ(cache_status(serving), "Cache-Status: imageserver; fwd=uri-miss; ttl=0\r\n");
  EXPECT_EQ(CacheControl(300).of(serving), "public, max-age=1");
}

TEST(ServingTest, WhatIsOfAnotherVersionByNowIsKeptByNobody) {
  EXPECT_EQ(CacheControl(300).of(serving_after(false, milliseconds(-1))), "public, max-age=1");
}

}  // namespace
}  // namespace imageserver
