// The counters, to the number, as the Go program's move for the same requests.

#include <gtest/gtest.h>

#include <string>

#include "integration/harness/node.h"

namespace imageserver::testing {
namespace {

struct Expected {
  std::size_t gets = 0;
  std::size_t cache_hits = 0;
  std::size_t loads = 0;
  std::size_t main_bytes = 0;
  std::size_t main_gets = 0;
  std::size_t main_hits = 0;
  std::size_t hot_gets = 0;
};

// Of a lone node with at most one picture.
std::string stats_text(const Expected& e) {
  const auto line = [](const char* name, std::size_t number) {
    return "\t\t\"" + std::string(name) + "\": " + std::to_string(number);
  };
  const auto cache = [&line](const char* name, std::size_t bytes, std::size_t gets,
                             std::size_t hits) {
    return "\t\t\"" + std::string(name) + "\": {\n\t" + line("Bytes", bytes) + ",\n\t" +
           line("Items", bytes > 0 ? 1 : 0) + ",\n\t" + line("Gets", gets) + ",\n\t" +
           line("Hits", hits) + ",\n\t" + line("Evictions", 0) + "\n\t\t}";
  };
  return "{\n\t\"Group\": {\n" + line("Gets", e.gets) + ",\n" + line("CacheHits", e.cache_hits) +
         ",\n" + line("PeerLoads", 0) + ",\n" + line("PeerErrors", 0) + ",\n" +
         line("Loads", e.loads) + ",\n" + line("LoadsDeduped", e.loads) + ",\n" +
         line("LocalLoads", e.loads) + ",\n" + line("LocalLoadErrs", 0) + ",\n" +
         line("ServerRequests", 0) + "\n\t},\n\t\"Caches\": {\n" +
         cache("Main", e.main_bytes, e.main_gets, e.main_hits) + ",\n" +
         cache("Hot", 0, e.hot_gets, 0) + "\n\t}\n}\n";
}

TEST(Stats, OneColdKeyAndTwoHitsOnALoneNode) {
  const Node node;
  EXPECT_EQ(node.get("/stats").body, stats_text({}));

  const std::string picture = node.get("/medium.jpg?width=100").body;
  const std::size_t bytes = 64 + 12 + picture.size();
  EXPECT_EQ(
      node.get("/stats").body,
      stats_text({.gets = 1, .loads = 1, .main_bytes = bytes, .main_gets = 2, .hot_gets = 2}));

  for (int i = 0; i < 2; ++i) EXPECT_EQ(node.get("/medium.jpg?width=100").body, picture);
  EXPECT_EQ(node.get("/stats").body, stats_text({.gets = 3,
                                                 .cache_hits = 2,
                                                 .loads = 1,
                                                 .main_bytes = bytes,
                                                 .main_gets = 4,
                                                 .main_hits = 2,
                                                 .hot_gets = 2}));
}

TEST(Stats, FailuresAreLoadErrors) {
  const Node node;
  EXPECT_EQ(node.get("/nope.jpg").status, 404);
  EXPECT_EQ(node.counter("Group/Gets"), 1U);
  EXPECT_EQ(node.counter("Group/Loads"), 1U);
  EXPECT_EQ(node.counter("Group/LocalLoadErrs"), 1U);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 0U);
  EXPECT_EQ(node.counter("Caches/Main/Items"), 0U);
}

class Uncached : public ::testing::TestWithParam<std::string> {};

TEST_P(Uncached, EverythingElseWorks) {
  const Node node({"--groupcache=" + GetParam()});
  const std::string first = node.get("/small.jpg?width=50").body;
  EXPECT_EQ(node.get("/small.jpg?width=50").body, first);
  EXPECT_EQ(node.get("/small.jpg").status, 200);
  EXPECT_EQ(node.get("/small.jpg?width=-1").status, 400);
  EXPECT_EQ(node.get("/nope.jpg").status, 404);
  EXPECT_EQ(node.counter("Group/Gets"), 4U);
  EXPECT_EQ(node.counter("Group/CacheHits"), 0U);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 3U);
  for (const std::string cache : {"Main", "Hot"}) {
    for (const std::string name : {"Bytes", "Items", "Gets", "Hits", "Evictions"}) {
      EXPECT_EQ(node.counter("Caches/" + cache + "/" + name), 0U) << cache << ' ' << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ZeroOrLess, Uncached, ::testing::Values("0", "-1"));

class SmallCache : public ::testing::TestWithParam<std::string> {};

TEST_P(SmallCache, EvictsAndStaysBelowItsLimit) {
  const Node node({"--groupcache=100000", "--groupcache-policy=" + GetParam()});
  for (int width = 100; width < 200; ++width) {
    EXPECT_EQ(node.get("/small.jpg?width=" + std::to_string(width)).status, 200);
  }
  EXPECT_GT(node.counter("Caches/Main/Evictions"), 0U);
  EXPECT_EQ(node.counter("Caches/Main/Evictions") + node.counter("Caches/Main/Items"), 100U);
  EXPECT_LE(node.counter("Caches/Main/Bytes"), 100'000U);
  EXPECT_GT(node.counter("Caches/Main/Bytes"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Policies, SmallCache, ::testing::Values("lru", "s3fifo"));

TEST(Stats, WhatIsOverATenthOfTheCacheIsServedAndNotKept) {
  const Node node({"--groupcache=100000"});
  EXPECT_EQ(node.get("/small.jpg?width=50").status, 200);
  EXPECT_GT(node.get("/small.jpg").body.size(), 10'000U);
  EXPECT_EQ(node.counter("Caches/Main/Items"), 1U);
  EXPECT_EQ(node.counter("Caches/Main/Evictions"), 0U);
}

TEST(Stats, WhatIsLargerThanTheCacheIsServedAndNotKept) {
  const Node node({"--groupcache=100000", "--groupcache-policy=lru"});
  EXPECT_EQ(node.get("/small.jpg").status, 200);
  EXPECT_EQ(node.get("/huge.jpg").status, 200);
  EXPECT_EQ(node.counter("Caches/Main/Items"), 1U);
  EXPECT_EQ(node.counter("Caches/Main/Evictions"), 0U);
}

}  // namespace
}  // namespace imageserver::testing
