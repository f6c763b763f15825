#include "base/text.h"

#include <gtest/gtest.h>

#include <utility>

namespace imageserver {
namespace {

using Parts = std::pair<std::string_view, std::string_view>;

TEST(CutTest, SplitsAtTheFirstSeparator) {
  EXPECT_EQ(cut("a=b=c", '='), Parts("a", "b=c"));
  EXPECT_EQ(cut("=b", '='), Parts("", "b"));
  EXPECT_EQ(cut("a=", '='), Parts("a", ""));
}

TEST(CutTest, IsAllAndNothingWithoutASeparator) {
  EXPECT_EQ(cut("abc", '='), Parts("abc", ""));
  EXPECT_EQ(cut("", '='), Parts("", ""));
}

TEST(TakeUntilTest, RemovesThePartAndItsSeparator) {
  std::string_view rest = "a,,b,";
  EXPECT_EQ(take_until(rest, ','), "a");
  EXPECT_EQ(rest, ",b,");
  EXPECT_EQ(take_until(rest, ','), "");
  EXPECT_EQ(take_until(rest, ','), "b");
  EXPECT_EQ(rest, "");
}

TEST(TakeUntilTest, TakesTheLastPartWhole) {
  std::string_view rest = "last";
  EXPECT_EQ(take_until(rest, ','), "last");
  EXPECT_EQ(rest, "");
  EXPECT_EQ(take_until(rest, ','), "");
}

TEST(TrimmedTest, RemovesTheGivenBlanksFromBothEnds) {
  EXPECT_EQ(trimmed("\t a b \t", " \t"), "a b");
  EXPECT_EQ(trimmed("a", " \t"), "a");
  EXPECT_EQ(trimmed(" \t ", " \t"), "");
  EXPECT_EQ(trimmed("", " \t"), "");
}

TEST(TrimmedTest, KeepsWhatIsNotNamedAsBlank) { EXPECT_EQ(trimmed(" a\r\n ", " "), "a\r\n"); }

TEST(AsciiTest, DigitsAndLettersEndWhereAsciiSays) {
  for (int c = 0; c < 256; ++c) {
    const bool digit = c >= 0x30 && c <= 0x39;
    const bool letter = (c >= 0x41 && c <= 0x5A) || (c >= 0x61 && c <= 0x7A);
    EXPECT_EQ(is_ascii_digit(static_cast<char>(c)), digit) << c;
    EXPECT_EQ(is_ascii_letter(static_cast<char>(c)), letter) << c;
    EXPECT_EQ(is_printable_ascii(static_cast<char>(c)), c >= 0x20 && c <= 0x7E) << c;
  }
}

TEST(AsciiTest, OnlyCapitalsHaveALowerCase) {
  for (int c = 0; c < 256; ++c) {
    const int lower = c >= 0x41 && c <= 0x5A ? c + 0x20 : c;
    EXPECT_EQ(ascii_lower(static_cast<char>(c)), static_cast<char>(lower)) << c;
  }
  EXPECT_EQ(ascii_lower("Az@[`{0\xC4"), "az@[`{0\xC4");
}

TEST(SameWordTest, IgnoresTheCaseOfAsciiLettersAlone) {
  EXPECT_TRUE(same_word("Content-TYPE", "content-type"));
  EXPECT_TRUE(same_word("", ""));
  EXPECT_FALSE(same_word("content", "content-type"));
  EXPECT_FALSE(same_word("content-type", "content"));
  EXPECT_FALSE(same_word("[", "{"));
  EXPECT_FALSE(same_word("@", "`"));
  EXPECT_FALSE(same_word("\xC4", "\xE4"));
}

TEST(PlainPathTest, HasNoComponentThatIsEmptyOrDots) {
  for (const char* const plain : {"a", "a/b", "a.b/..c/...", "a b"}) {
    EXPECT_TRUE(is_plain_path(plain)) << plain;
  }
  for (const char* const other : {"", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/../b"}) {
    EXPECT_FALSE(is_plain_path(other)) << other;
  }
}

}  // namespace
}  // namespace imageserver
