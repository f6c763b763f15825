#include "groupcache/hot_policy.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(HotPolicyTest, WhatTheOwnerIsAskedForOnceASecondIsKept) {
  const HotPolicy policy(RingMode::kBalanced, [] { return false; });
  EXPECT_TRUE(policy.keeps(1.0));
  EXPECT_FALSE(policy.keeps(0.99));
}

TEST(HotPolicyTest, TheDiceDecideWhereTheOwnerSaysNothing) {
  EXPECT_TRUE(HotPolicy(RingMode::kBalanced, [] { return true; }).keeps(std::nullopt));
  EXPECT_FALSE(HotPolicy(RingMode::kBalanced, [] { return false; }).keeps(std::nullopt));
}

TEST(HotPolicyTest, InAGoRingTheDiceDecideAlways) {
  EXPECT_FALSE(HotPolicy(RingMode::kGo, [] { return false; }).keeps(100.0));
  EXPECT_TRUE(HotPolicy(RingMode::kGo, [] { return true; }).keeps(0.0));
}

}  // namespace
}  // namespace imageserver
