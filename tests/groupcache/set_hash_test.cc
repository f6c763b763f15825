#include "groupcache/set_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(SetHashTest, TheOrderDoesNotMatter) {
  SetHash one;
  one.toggle(sha256("a"));
  one.toggle(sha256("b"));
  SetHash other;
  other.toggle(sha256("b"));
  EXPECT_NE(one, other);
  other.toggle(sha256("a"));
  EXPECT_EQ(one, other);
}

TEST(SetHashTest, WhatIsTakenOutLeavesNothing) {
  SetHash hash;
  EXPECT_TRUE(hash.is_empty());
  hash.toggle(sha256("a"));
  EXPECT_FALSE(hash.is_empty());
  hash.toggle(sha256("a"));
  EXPECT_TRUE(hash.is_empty());
}

TEST(SetHashTest, ATextIsReadAsItWasWritten) {
  SetHash hash;
  EXPECT_EQ(hash.text(), std::string(64, '0'));
  EXPECT_EQ(parse_set_hash(hash.text()), hash);
  hash.toggle(sha256("a"));
  EXPECT_EQ(hash.text(), to_hex(sha256("a")));
  EXPECT_EQ(parse_set_hash(hash.text()), hash);
}

TEST(SetHashTest, AnotherSpellingIsNone) {
  EXPECT_EQ(parse_set_hash(""), std::nullopt);
  EXPECT_EQ(parse_set_hash(std::string(63, '0')), std::nullopt);
  EXPECT_EQ(parse_set_hash(std::string(65, '0')), std::nullopt);
  EXPECT_EQ(parse_set_hash(std::string(64, 'A')), std::nullopt);
  EXPECT_EQ(parse_set_hash(std::string(64, 'g')), std::nullopt);
  EXPECT_EQ(parse_set_hash(std::string(62, '0') + "+1"), std::nullopt);
}

}  // namespace
}  // namespace imageserver
