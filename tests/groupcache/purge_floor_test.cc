#include "groupcache/purge_floor.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

const std::string kZeros(64, '0');
const std::string kId = "0123456789abcdef0123456789abcdef";
const std::string kOtherId = "1123456789abcdef0123456789abcdef";

TEST(PurgeFloorTest, TheTextSaysAllOfIt) {
  PurgeFloor floor = {.stamp = {5, 1}};
  EXPECT_EQ(floor_text(floor), "5.1;" + kZeros);
  floor.doubts.add({.stamp = {7, 0}, .id = kOtherId});
  floor.doubts.add({.stamp = {6, 2}, .id = kId});
  EXPECT_EQ(floor_text(floor), "5.1;" + kZeros + ";6.2;" + kId + ";7.0;" + kOtherId);
}

TEST(PurgeFloorTest, ATextIsReadAsItWasWritten) {
  PurgeFloor floor;
  EXPECT_EQ(parse_floor(floor_text(floor)), floor);
  floor.stamp = {5, 1};
  floor.fallen.toggle(sha256("a"));
  for (std::uint64_t i = 0; i < Doubts::kMost; ++i) {
    floor.doubts.add({.stamp = {i, 0}, .id = to_hex(sha256(std::to_string(i))).substr(32)});
  }
  EXPECT_EQ(floor.doubts.all().size(), Doubts::kMost);
  EXPECT_EQ(parse_floor(floor_text(floor)), floor);
}

TEST(PurgeFloorTest, AnotherSpellingIsNone) {
  const std::string right = "5.1;" + kZeros;
  EXPECT_TRUE(parse_floor(right));
  EXPECT_TRUE(parse_floor(right + ";6.2;" + kId + ";7.0;" + kOtherId));
  for (const std::string& wrong :
       {std::string(), std::string("5.1"), "5.1;" + kZeros.substr(1), right + ";", right + " ",
        right + ";6.2", right + ";6.2;", right + ";;" + kId, right + ";6.2;" + kId + "0",
        right + ";6.2;" + std::string(32, 'A'), right + ";7.0;" + kOtherId + ";6.2;" + kId,
        right + ";6.2;" + kId + ";7.0;" + kId, right + ";6.2;" + kId + ";6.2;" + kId}) {
    EXPECT_EQ(parse_floor(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace imageserver
