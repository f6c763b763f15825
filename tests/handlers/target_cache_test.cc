#include "handlers/target_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"

namespace imageserver {
namespace {

std::string key_of(std::string_view target) { return parse_target(target)->key(); }

std::string text_of(const std::optional<TargetCache::Known>& known) {
  return known ? std::string(known->key.begin(), known->key.end()) : "";
}

TEST(TargetCacheTest, FindsATargetThatWasRemembered) {
  TargetCache known;
  EXPECT_FALSE(known.find("/a?width=1", {}).has_value());
  known.remember("/a?width=1", {}, key_of("/a?width=1"), false);
  EXPECT_EQ(text_of(known.find("/a?width=1", {})), key_of("/a?width=1"));
  EXPECT_FALSE(known.find("/a?width=2", {}).has_value());
  EXPECT_FALSE(known.find("/a?width=1 ", {}).has_value());
  EXPECT_FALSE(known.find("", {}).has_value());
}

TEST(TargetCacheTest, RemembersWhetherSomethingWasIgnored) {
  TargetCache known;
  known.remember("/a?width=1", {}, key_of("/a?width=1"), false);
  known.remember("/a?w=1", {}, key_of("/a?w=1"), true);
  EXPECT_FALSE(known.find("/a?width=1", {})->ignores);
  EXPECT_TRUE(known.find("/a?w=1", {})->ignores);
}

TEST(TargetCacheTest, FindsNoTargetThatWasRememberedUnderOtherRules) {
  TargetCache known;
  known.remember("/a?preset=x", {}, key_of("/a"), false);
  TargetRules strict;
  strict.strict = true;
  EXPECT_FALSE(known.find("/a?preset=x", strict).has_value());
  TargetRules only;
  only.presets_only = true;
  EXPECT_FALSE(known.find("/a?preset=x", only).has_value());
  TargetRules with_presets;
  with_presets.presets = std::make_shared<const Presets>(*parse_presets("x=width=5"));
  EXPECT_FALSE(known.find("/a?preset=x", with_presets).has_value());
  TargetRules reloaded = with_presets;
  reloaded.presets = std::make_shared<const Presets>(*parse_presets("x=width=5"));
  known.remember("/a?preset=x", with_presets, key_of("/a?width=5"), false);
  EXPECT_TRUE(known.find("/a?preset=x", with_presets).has_value());
  EXPECT_FALSE(known.find("/a?preset=x", reloaded).has_value());
}

TEST(TargetCacheTest, PresetsDoNotOutliveTheirFile) {
  TargetCache known;
  TargetRules rules;
  rules.presets = std::make_shared<const Presets>(*parse_presets("x=width=5"));
  const std::weak_ptr<const Presets> old = rules.presets;
  known.remember("/a?preset=x", rules, key_of("/a?width=5"), false);
  rules.presets = nullptr;
  EXPECT_TRUE(old.expired());
  EXPECT_FALSE(known.find("/a?preset=x", rules).has_value()) << "there are none now";
}

TEST(TargetCacheTest, LongTargetsAreNotKept) {
  TargetCache known;
  const std::string longest = "/" + std::string(TargetCache::kMostBytes - 1, 'a');
  known.remember(longest, {}, key_of(longest), false);
  EXPECT_TRUE(known.find(longest, {}).has_value());
  known.remember(longest + "a", {}, key_of(longest + "a"), false);
  EXPECT_FALSE(known.find(longest + "a", {}).has_value());
}

TEST(TargetCacheTest, ManyTargetsReplaceEachOtherAndAreNeverMixedUp) {
  TargetCache known;
  const auto target = [](int i) { return "/picture-" + std::to_string(i) + ".jpg?width=100"; };
  for (int i = 0; i < 20'000; ++i) known.remember(target(i), {}, key_of(target(i)), false);
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto key = known.find(target(i), {});
    if (!key) continue;
    ++found;
    ASSERT_EQ(text_of(key), key_of(target(i)));
  }
  EXPECT_GT(found, 1000);
  EXPECT_LE(found, 4096);
}

TEST(TargetCacheTest, ManyThreadsMayFindAndRememberAtOnce) {
  TargetCache known;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 3000; ++i) {
          const std::string target = "/" + std::to_string(i % 50);
          const std::string key = key_of(target);
          const auto had = known.find(target, {});
          if (had && text_of(had) != key) ++wrong;
          known.remember(target, {}, key, false);
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace imageserver
