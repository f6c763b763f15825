#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/hash.h"
#include "imageserver/params.h"
#include "support/vectors.h"

namespace imageserver {
namespace {

// The text of the params, or the message of the error.
std::string parsed(std::string_view target) {
  const Result<Params> params = parse_target(target);
  return params ? params->text() : params.error().message;
}

ErrorKind failure(std::string_view target) {
  const Result<Params> params = parse_target(target);
  return params ? ErrorKind::kInternal : params.error().kind;
}

TEST(ParseTarget, AgreesWithEveryVectorOfTheGoProgram) {
  const nlohmann::json vectors = testing::read_vectors("go-ring.json").at("vectors");
  ASSERT_GE(vectors.size(), 31U);
  for (const auto& vector : vectors) {
    const std::string request = vector.at("request");
    SCOPED_TRACE(request);
    const Result<Params> params = parse_target(request);
    ASSERT_TRUE(params.has_value());
    EXPECT_EQ(params->text(), vector.at("params"));
    EXPECT_EQ(params->key(), vector.at("key"));
    EXPECT_EQ(crc32_ieee(params->key()), vector.at("key_crc32"));
  }
}

TEST(ParseTarget, ThePathWithoutItsFirstSlashIsTheSource) {
  EXPECT_EQ(parsed("/a/b.jpg"), "map[source:a/b.jpg]");
  EXPECT_EQ(parsed("/"), "map[source:]");
  EXPECT_EQ(parsed("//a"), "map[source:/a]");
  EXPECT_EQ(parsed("/a#b"), "map[source:a#b]");
}

TEST(ParseTarget, ThePathIsDecodedOnceAndKeepsItsPluses) {
  EXPECT_EQ(parsed("/a%20b%2520+c%2fd%3Fe"), "map[source:a b%20+c/d?e]");
}

TEST(ParseTarget, ABrokenPathIsABadRequest) {
  for (const char* target :
       {"", "a", "*", "?width=1", "%2Fa", "/%", "/%1", "/%g0", "/%0g", "/a%%20"}) {
    EXPECT_EQ(failure(target), ErrorKind::kBadRequest) << target;
  }
}

TEST(ParseTarget, TheQueryIsDecodedAndItsPlusesAreSpaces) {
  EXPECT_EQ(parsed("/a?mode=f+i%74&%77idth=%35"),
            "map[gift_resize:map[mode:f it width:5] source:a]");
}

TEST(ParseTarget, APairWithASemicolonOrABrokenEscapeIsDropped) {
  EXPECT_EQ(parsed("/a?width=1;height=2&height=3"), "map[gift_resize:map[height:3] source:a]");
  EXPECT_EQ(parsed("/a?width=%zz&width=7&mode%=x&mode=%"),
            "map[gift_resize:map[width:7] source:a]");
}

TEST(ParseTarget, OfARepeatedNameTheFirstCountsEvenIfEmpty) {
  EXPECT_EQ(parsed("/a?mode=&mode=fit&quality=1&quality=2"), "map[quality:1 source:a]");
}

TEST(ParseTarget, OddQueriesAreReadAsGoReadsThem) {
  EXPECT_EQ(parsed("/a?"), "map[source:a]");
  EXPECT_EQ(parsed("/a?&&=&=x&width"), "map[source:a]");
  EXPECT_EQ(parsed("/a?mode=a=b?c"), "map[gift_resize:map[mode:a=b?c] source:a]");
  EXPECT_EQ(parsed("/a?source=b&gift_resize=c"), "map[source:a]");
}

TEST(ParseTarget, EveryParameterHasItsPlace) {
  EXPECT_EQ(
      parsed("/s?width=1&height=2&mode=m&resampling=r&format=f&quality=3"),
      "map[format:f gift_resize:map[height:2 mode:m resampling:r width:1] quality:3 source:s]");
}

TEST(ParseTarget, JpgIsAnotherNameOfJpeg) {
  EXPECT_EQ(parsed("/a?format=jpg"), "map[format:jpeg source:a]");
  EXPECT_EQ(parsed("/a?format=JPG"), "map[format:JPG source:a]");
}

TEST(ParseTarget, NumbersAreReadAsByAtoi) {
  EXPECT_EQ(parsed("/a?width=%2B7"), "map[gift_resize:map[width:7] source:a]");
  EXPECT_EQ(parsed("/a?width=-007"), "map[gift_resize:map[width:-7] source:a]");
  EXPECT_EQ(parsed("/a?width=-9223372036854775808"),
            "map[gift_resize:map[width:-9223372036854775808] source:a]");
}

TEST(ParseTarget, WhatIsNoNumberIsNamed) {
  for (const char* text :
       {"abc", "1.0", "1e3", "0x10", "+", "-", "%2B", "%2B-1", "-%2B1", "--1", "1+", "+1", "1_000",
        "9223372036854775808", "-9223372036854775809", "1%00"}) {
    const std::string target = std::string("/a?width=") + text;
    EXPECT_EQ(parsed(target), "invalid param \"width\": must be an integer") << text;
    EXPECT_EQ(failure(target), ErrorKind::kInvalidParam) << text;
  }
  EXPECT_EQ(parsed("/a?height=x"), "invalid param \"height\": must be an integer");
  EXPECT_EQ(parsed("/a?quality=x"), "invalid param \"quality\": must be an integer");
}

}  // namespace
}  // namespace imageserver
