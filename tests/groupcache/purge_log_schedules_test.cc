// Whatever happens to some logs: they come to hold the same, and none misses a purge.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "groupcache/purge_log.h"
#include "support/purges.h"

namespace imageserver {
namespace {

using testing::kHour;
using testing::kNoon;
using Merged = PurgeLog::Merged;

struct Node {
  explicit Node(PurgeLog::Limits limits) : log(clock, limits) {}

  testing::WallClock wall;
  HybridClock clock{wall.wall()};
  PurgeLog log;
};

// A purge, and where the logs stood before any of them had it.
struct Given {
  PurgeRecord record;
  std::vector<std::uint64_t> positions;
};

// One run of random steps.
class Schedule {
 public:
  explicit Schedule(std::uint32_t seed) : random_(seed) {
    const PurgeLog::Limits limits = {.records = 1 + below(6),
                                     .bytes = below(4) == 0 ? 60 + below(100) : 100'000};
    for (std::size_t i = 2 + below(3); i > 0; --i) nodes_.push_back(std::make_unique<Node>(limits));
  }

  void run() {
    for (std::size_t steps = 5 + below(25); steps > 0; --steps) step();
    exchange();
    if (::testing::Test::HasFailure()) return;
    expect_quiet();
    expect_nothing_lost();
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  Node& any_node() { return *nodes_[below(nodes_.size())]; }

  void step() {
    Node& node = any_node();
    switch (below(10)) {
      case 0:
        node.wall.set(node.wall.millis() + below(3) * kHour / 2);
        break;
      case 1:
        node.wall.set(node.wall.millis() - kHour);
        break;
      case 2:
        if (!given_.empty()) node.log.take(given_[below(given_.size())].record);
        break;
      case 3:
        snapshots_.push_back(node.log.contents());
        break;
      case 4:
        if (!snapshots_.empty()) node.log.merge(snapshots_[below(snapshots_.size())]);
        break;
      case 5:
        node.log.merge(any_node().log.contents());
        break;
      default:
        give(node);
    }
  }

  // Sometimes with a stamp of long ago, as of a node that nobody has heard of for long.
  void give(Node& node) {
    HybridTime stamp = node.clock.now();
    if (below(8) == 0) stamp = {.millis = kNoon - 3 * kHour + below(4)};
    PurgeRecord record = {.id = std::to_string(given_.size()), .stamp = stamp};
    record.is_soft = below(3) == 0;
    record.kind = static_cast<PurgeRecord::Kind>(below(3));
    if (record.kind != PurgeRecord::Kind::kAll) record.values = {below(2) == 0 ? "a" : "a/b"};
    std::vector<std::uint64_t> positions;
    for (const auto& each : nodes_) positions.push_back(each->log.position());
    given_.push_back({record, positions});
    EXPECT_NE(node.log.take(record), PurgeLog::Taken::kAhead);
  }

  bool is_alike() const {
    const std::string digest = nodes_.front()->log.digest();
    for (const auto& node : nodes_) {
      if (node->log.digest() != digest) return false;
    }
    return true;
  }

  // Each log with each, in any order: after the first round all know all records, and differ by the
  // doubts that were raised in it.
  void exchange() {
    constexpr int kMostRounds = 4;
    for (int round = 0; !is_alike(); ++round) {
      ASSERT_LT(round, kMostRounds);
      std::vector<std::pair<std::size_t, std::size_t>> pairs;
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) pairs.insert(pairs.end(), {{i, j}, {j, i}});
      }
      std::ranges::shuffle(pairs, random_);
      for (const auto& [i, j] : pairs) nodes_[i]->log.merge(nodes_[j]->log.contents());
    }
  }

  void expect_quiet() {
    const PurgeContents contents = nodes_.front()->log.contents();
    for (const auto& node : nodes_) {
      EXPECT_EQ(node->log.contents(), contents);
      EXPECT_EQ(node->log.merge(contents), Merged());
    }
    EXPECT_TRUE(is_alike());
  }

  // What was made somewhere before a purge was given anywhere is not served as it is any more.
  void expect_nothing_lost() {
    for (const Given& given : given_) {
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const PurgeLog& log = nodes_[i]->log;
        for (const char* name : {"a", "a/b", "a/b/c", "x"}) {
          if (!reaches(given.record, name)) continue;
          const Reach reach = log.reach(name);
          const bool is_held = log.find(given.record.id).has_value();
          const bool is_hard = is_held && !given.record.is_soft;
          EXPECT_GT(is_hard ? reach.hard : reach.last(), given.positions[i])
              << purge_text(given.record) << " on node " << i;
        }
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<Given> given_;
  std::vector<PurgeContents> snapshots_;
};

TEST(PurgeLogSchedulesTest, LogsThatExchangeAllAgreeAndMissNothing) {
  for (std::uint32_t seed = 1; seed <= 10'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Schedule(seed).run();
  }
}

}  // namespace
}  // namespace imageserver
