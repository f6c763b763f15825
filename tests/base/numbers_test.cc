#include "base/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace imageserver {
namespace {

TEST(ParseWholeTest, TakesDigitsAndLeadingZeros) {
  EXPECT_EQ(parse_whole<int>("0"), 0);
  EXPECT_EQ(parse_whole<int>("007"), 7);
  EXPECT_EQ(parse_whole<std::uint32_t>("4294967295"), 4294967295U);
  EXPECT_EQ(parse_whole<double>("1.5e3"), 1500.0);
}

TEST(ParseWholeTest, TakesAMinusWhereTheTypeIsSigned) {
  EXPECT_EQ(parse_whole<int>("-7"), -7);
  EXPECT_EQ(parse_whole<int>("-0"), 0);
  EXPECT_EQ(parse_whole<std::uint32_t>("-0"), std::nullopt);
  EXPECT_EQ(parse_whole<double>("-1.5"), -1.5);
}

TEST(ParseWholeTest, RefusesWhatIsNotANumberAsAWhole) {
  for (const std::string_view text :
       {"", "+1", " 1", "1 ", "1x", "x", "-", "--1", "1-", "0x10", "1.0", "1,0", "1\n"}) {
    EXPECT_EQ(parse_whole<int>(text), std::nullopt) << text;
  }
  for (const std::string_view text : {"", "+1.5", " 1.5", "1.5 ", ".", "1.5x", "0x1p3"}) {
    EXPECT_EQ(parse_whole<double>(text), std::nullopt) << text;
  }
}

TEST(ParseWholeTest, RefusesWhatTheTypeCannotHold) {
  EXPECT_EQ(parse_whole<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_whole<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_whole<std::int64_t>("-9223372036854775808"),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_whole<std::int64_t>("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_whole<double>("1e309"), std::nullopt);
}

TEST(ParseWholeHexTest, TakesDigitsInEitherCase) {
  EXPECT_EQ(parse_whole_hex<std::uint32_t>("0aBcDeF9"), 0x0ABCDEF9U);
  EXPECT_EQ(parse_whole_hex<std::uint32_t>("f"), 15U);
}

TEST(ParseWholeHexTest, RefusesSignsPrefixesAndOtherLetters) {
  for (const std::string_view text :
       {"", "-1", "+1", "0x1", "#1", "g", "1g", " 1", "1 ", "100000000"}) {
    EXPECT_EQ(parse_whole_hex<std::uint32_t>(text), std::nullopt) << text;
  }
}

TEST(ParseIntegerTest, ReadsWhatGosAtoiReads) {
  EXPECT_EQ(parse_integer("+7"), 7);
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("+007"), 7);
  for (const std::string_view text : {"", "+", "-", "+-7", "-+7", "++7", "7.0", "7 ", "1_000"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

TEST(ParseNumberTest, IsDecimalAndFinite) {
  EXPECT_EQ(parse_number("+1.5"), 1.5);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_number("5."), 5.0);
  EXPECT_EQ(parse_number("-1e-2"), -0.01);
  for (const std::string_view text :
       {"", "inf", "-inf", "+inf", "nan", "infinity", "0x1p3", "1e309", "1e-400", "+-1", "1.5 "}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(ParseBooleanTest, ReadsWhatGosParseBoolReads) {
  for (const std::string_view text : {"1", "t", "T", "TRUE", "true", "True"}) {
    EXPECT_EQ(parse_boolean(text), true) << text;
  }
  for (const std::string_view text : {"0", "f", "F", "FALSE", "false", "False"}) {
    EXPECT_EQ(parse_boolean(text), false) << text;
  }
  for (const std::string_view text : {"", "tRUE", "yes", "no", "2", " true"}) {
    EXPECT_EQ(parse_boolean(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace imageserver
