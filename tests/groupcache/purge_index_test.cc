#include "groupcache/purge_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/purges.h"

namespace imageserver {
namespace {

using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;

class PurgeIndexTest : public ::testing::Test {
 protected:
  const KeptPurge& add(const PurgeRecord& record) {
    const auto purge = make_kept_purge(record);
    purge->position = ++position_;
    index_.add(*purge);
    kept_.push_back(purge);
    return *purge;
  }

  void remove(std::size_t at) {
    index_.remove(*kept_[at]);
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  // What each of the purges says of the name, one after the other.
  [[nodiscard]] Reach slow_reach(std::string_view name) const {
    Reach reach;
    for (const auto& purge : kept_) {
      if (!reaches(purge->record, name)) continue;
      auto& position = purge->record.is_soft ? reach.soft : reach.hard;
      position = std::max(position, purge->position);
    }
    return reach;
  }

  // The newest first.
  [[nodiscard]] std::vector<const KeptPurge*> slow_reaching(std::string_view name) const {
    std::vector<const KeptPurge*> purges;
    for (const auto& purge : kept_) {
      if (reaches(purge->record, name)) purges.push_back(purge.get());
    }
    std::ranges::sort(purges,
                      [](const KeptPurge* a, const KeptPurge* b) { return IsOlder()(b, a); });
    return purges;
  }

  using Purges = std::vector<const KeptPurge*>;

  PurgeIndex index_;
  std::vector<std::shared_ptr<KeptPurge>> kept_;
  std::uint64_t position_ = 0;
};

TEST_F(PurgeIndexTest, NothingReachesAtFirst) {
  EXPECT_EQ(index_.reach("a"), Reach());
  EXPECT_EQ(index_.reaching("a", 3).purges, Purges());
  EXPECT_TRUE(index_.reaching("a", 0).are_all);
}

TEST_F(PurgeIndexTest, TheLastPositionCounts) {
  add(purge_of("a/b", 50));
  add(purge_of_all(30, true));
  add(purge_below({"a"}, 40));
  add(purge_of("a", 60, true));
  EXPECT_EQ(index_.reach("a/b"), (Reach{.hard = 3, .soft = 2}));
  EXPECT_EQ(index_.reach("a"), (Reach{.hard = 3, .soft = 4}));
  EXPECT_EQ(index_.reach("b"), (Reach{.hard = 0, .soft = 2}));
}

TEST_F(PurgeIndexTest, ThoseThatReachComeInTheOrderOfTheirStamps) {
  const KeptPurge& hard = add(purge_of("a/b", 50));
  const KeptPurge& soft = add(purge_of_all(30, true));
  const KeptPurge& below = add(purge_below({"a", "a/b"}, 40));
  add(purge_of("a/c", 60));
  EXPECT_EQ(index_.reaching("a/b", 9).purges, (Purges{&hard, &below, &soft}));
  EXPECT_TRUE(index_.reaching("a/b", 9).are_all);
  EXPECT_EQ(index_.reaching("a/b", 2).purges, (Purges{&hard, &below}));
  EXPECT_FALSE(index_.reaching("a/b", 2).are_all);
}

TEST_F(PurgeIndexTest, WhatIsRemovedLeavesTheOthers) {
  const KeptPurge& first = add(purge_of("a", 50));
  add(purge_of("a", 40));
  EXPECT_EQ(index_.reach("a").hard, 2U);
  remove(1);
  EXPECT_EQ(index_.reach("a").hard, 1U);
  EXPECT_EQ(index_.reaching("a", 9).purges, Purges{&first});
  remove(0);
  EXPECT_EQ(index_.reach("a"), Reach());
}

TEST_F(PurgeIndexTest, AValueMayStandTwiceInOne) {
  add(purge_below({"a", "a"}, 50));
  EXPECT_EQ(index_.reach("a/b").hard, 1U);
  remove(0);
  EXPECT_EQ(index_.reach("a/b"), Reach());
}

TEST_F(PurgeIndexTest, AgreesWithALookAtEachPurge) {
  const std::vector<std::string> names = {"a",      "a/b",  "a/b/c", "a/bc", "b",      "/a",
                                          "/a/b/c", "a//b", "a/",    "",     "b/b/b/b"};
  const std::vector<std::string> values = {"a", "a/b", "a/b/c", "b", "/a", "b/b", "a/b/c/d"};
  std::mt19937 random(7);
  const auto below = [&random](std::size_t n) { return random() % n; };
  for (int step = 0; step < 2000; ++step) {
    const std::uint64_t stamp = 1 + below(50);
    const bool is_soft = below(2) == 0;
    const std::string& value = values[below(values.size())];
    const auto kind = below(5);
    if (kind == 0 && !kept_.empty()) remove(below(kept_.size()));
    PurgeRecord record = purge_of_all(stamp, is_soft);
    if (kind == 1) record = purge_of(value, stamp, is_soft);
    if (kind == 2) record = purge_below({value, values[below(values.size())]}, stamp, is_soft);
    record.id = std::to_string(step);
    if (kind == 1 || kind == 2 || (kind == 3 && below(20) == 0)) add(record);
    if (kept_.size() > 20) remove(below(kept_.size()));
    for (const std::string& name : names) {
      ASSERT_EQ(index_.reach(name), slow_reach(name)) << name << " at step " << step;
      ASSERT_EQ(index_.reaching(name, 100).purges, slow_reaching(name)) << name;
      Purges newest = slow_reaching(name);
      newest.resize(std::min<std::size_t>(newest.size(), 3));
      ASSERT_EQ(index_.reaching(name, 3).purges, newest) << name;
    }
  }
}

}  // namespace
}  // namespace imageserver
