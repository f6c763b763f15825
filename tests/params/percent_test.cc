#include "params/percent.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(PercentTest, LettersDigitsAndFourMarksStandForThemselves) {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(percent_encode(unreserved), unreserved);
  int kept = 0;
  for (int c = 0; c < 256; ++c) kept += is_unreserved(static_cast<char>(c)) ? 1 : 0;
  EXPECT_EQ(kept, 66);
}

TEST(PercentTest, OtherBytesHaveTwoUpperCaseDigits) {
  EXPECT_EQ(percent_encode("a/b c"), "a%2Fb%20c");
  EXPECT_EQ(percent_encode("%,;+\xc3\xbc"), "%25%2C%3B%2B%C3%BC");
  EXPECT_EQ(percent_encode(std::string("\0\x7f\xff", 3)), "%00%7F%FF");
  EXPECT_EQ(percent_encode(""), "");
}

TEST(PercentTest, TheCallerSaysWhatIsKept) {
  const auto is_kept = [](char c) { return c == '/' || is_unreserved(c); };
  EXPECT_EQ(percent_encode("a/b?c", is_kept), "a/b%3Fc");
}

TEST(PercentTest, WhatIsEncodedIsDecodedToTheSame) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all), Plus::kIsPlus), all);
  EXPECT_EQ(percent_decode(percent_encode(all), Plus::kIsSpace), all);
}

TEST(PercentTest, APlusIsASpaceInAQueryAlone) {
  EXPECT_EQ(percent_decode("a+b%2bc", Plus::kIsPlus), "a+b+c");
  EXPECT_EQ(percent_decode("a+b%2bc", Plus::kIsSpace), "a b+c");
}

TEST(PercentTest, ABrokenEscapeIsNotDecoded) {
  for (const char* broken : {"%", "%1", "a%g0", "%0g", "% 1"}) {
    EXPECT_EQ(percent_decode(broken, Plus::kIsPlus), std::nullopt) << broken;
  }
}

}  // namespace
}  // namespace imageserver
