#include "image/heif/hevc_size.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

using std::string_literals::operator""s;

// The set that x265 writes for 64 x 64 pixels.
const std::string kSet =
    "\x42\x01\x01\x03\x70\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x1e\xa0\x20\x81\x05\x96"
    "\xea\xae\x9a\xe6\xe0\x40\x40\xc0\x80\x00\x00\x03\x00\x80\x00\x00\x03\x00\x84\x22"s;

TEST(HevcSize, IsReadBehindProfileAndLevels) { EXPECT_EQ(hevc_size(kSet), (Size{64, 64})); }

TEST(HevcSize, IsNoneWhereTheSetEndsBefore) {
  for (std::size_t length = 0; length < 20; ++length)
    EXPECT_EQ(hevc_size(kSet.substr(0, length)), std::nullopt) << length;
}

TEST(HevcSize, IsNoneForAnEndlessNumber) {
  EXPECT_EQ(hevc_size(kSet.substr(0, 19) + std::string(200, '\0')), std::nullopt);
  EXPECT_EQ(hevc_size(std::string(200, '\0')), std::nullopt);
}

}  // namespace
}  // namespace imageserver
