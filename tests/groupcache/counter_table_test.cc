#include "groupcache/counter_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "groupcache/live_counters.h"

namespace imageserver {
namespace {

using ::testing::ElementsAreArray;
using ::testing::StartsWith;

// The rows of README's tables whose names begin with `prefix`, in its order, from the name on.
std::vector<std::string> readme_rows(const std::string& prefix) {
  std::ifstream readme(IMAGESERVER_README);
  std::vector<std::string> rows;
  for (std::string line; std::getline(readme, line);) {
    const std::string start = "| `" + prefix;
    if (line.starts_with(start)) rows.push_back(line.substr(start.size()));
  }
  return rows;
}

template <class Owner>
void expect_in_readme(const std::string& prefix, std::span<const StatRow<Owner>> stats) {
  std::vector<::testing::Matcher<std::string>> expected;
  for (const auto& stat : stats) {
    expected.push_back(StartsWith(std::string(stat.name) + "` | " + std::string(stat.help)));
  }
  EXPECT_THAT(readme_rows(prefix), ElementsAreArray(expected));
}

TEST(CounterTable, ReadmeListsEveryCounterInTheOrderOfTheRows) {
  expect_in_readme<GroupStats>("Group.", kGroupStats);
  expect_in_readme<CacheStats>("Caches.….", kCacheStats);
}

// Each row changes a value of its own, so that no two rows share one and none is left out.
template <class Owner>
void expect_own_values(std::span<const StatRow<Owner>> stats) {
  Owner owner;
  for (const auto& stat : stats) {
    EXPECT_EQ(owner.*stat.value, 0U) << stat.name;
    owner.*stat.value = 1;
  }
}

TEST(CounterTable, EveryRowHasAValueOfItsOwn) {
  expect_own_values<GroupStats>(kGroupStats);
  expect_own_values<CacheStats>(kCacheStats);
}

template <class Owner>
void expect_one_sentence_of_plain_text(std::span<const StatRow<Owner>> stats) {
  const std::regex plain(R"([A-Z][^`\n|]*\.)");
  for (const auto& stat : stats) {
    EXPECT_TRUE(std::regex_match(std::string(stat.help), plain)) << stat.name;
  }
}

TEST(CounterTable, HelpIsOneLineOfPlainText) {
  expect_one_sentence_of_plain_text<GroupStats>(kGroupStats);
  expect_one_sentence_of_plain_text<CacheStats>(kCacheStats);
}

TEST(LiveCountersTest, EachEventIsCountedInItsOwnRow) {
  LiveCounters counters;
  counters.count<&GroupStats::peer_loads>();
  counters.count<&GroupStats::server_requests>();
  counters.count<&GroupStats::server_requests>();
  const GroupStats stats = counters.read();
  EXPECT_EQ(stats.peer_loads, 1U);
  EXPECT_EQ(stats.server_requests, 2U);
  EXPECT_EQ(stats.gets + stats.loads + stats.peer_errors + stats.local_load_errs, 0U);
}

TEST(LiveCountersTest, NoEventOfAnyThreadIsLost) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 10'000;
  LiveCounters counters;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&counters] {
        for (int i = 0; i < kEvents; ++i) counters.count<&GroupStats::gets>();
      });
    }
  }
  EXPECT_EQ(counters.read().gets, std::uint64_t{kThreads} * kEvents);
}

}  // namespace
}  // namespace imageserver
