#include "base/endian.h"

#include <gtest/gtest.h>

#include <limits>

namespace imageserver {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kBytes = "\x01\x82\x03\x84\x05\x86\x07\x88\xFF"sv;

TEST(EndianTest, DecodesAllBytesThatAreGiven) {
  EXPECT_EQ(decode_big_endian(""), 0U);
  EXPECT_EQ(decode_little_endian(""), 0U);
  EXPECT_EQ(decode_big_endian("\x01\x82\x03"sv), 0x018203U);
  EXPECT_EQ(decode_little_endian("\x01\x82\x03"sv), 0x038201U);
  EXPECT_EQ(decode_big_endian(kBytes.substr(0, 8)), 0x0182038405860788U);
  EXPECT_EQ(decode_little_endian(kBytes.substr(0, 8)), 0x8807860584038201U);
}

TEST(EndianTest, ReadsAsManyBytesAsTheTypeHas) {
  EXPECT_EQ(read_big_endian<std::uint8_t>(kBytes, 8), 0xFFU);
  EXPECT_EQ(read_big_endian<std::uint16_t>(kBytes, 1), 0x8203U);
  EXPECT_EQ(read_big_endian<std::uint32_t>(kBytes, 5), 0x860788FFU);
  EXPECT_EQ(read_big_endian<std::uint64_t>(kBytes, 1), 0x82038405860788FFU);
  EXPECT_EQ(read_little_endian<std::uint8_t>(kBytes, 8), 0xFFU);
  EXPECT_EQ(read_little_endian<std::uint16_t>(kBytes, 1), 0x0382U);
  EXPECT_EQ(read_little_endian<std::uint32_t>(kBytes, 5), 0xFF880786U);
  EXPECT_EQ(read_little_endian<std::uint64_t>(kBytes, 1), 0xFF88078605840382U);
}

TEST(EndianTest, WritesTheBytesInOrder) {
  const auto big = to_big_endian<std::uint32_t>(0x818203FFU);
  EXPECT_EQ(std::string_view(big.data(), big.size()), "\x81\x82\x03\xFF"sv);
  const auto little = to_little_endian<std::uint16_t>(0x81FFU);
  EXPECT_EQ(std::string_view(little.data(), little.size()), "\xFF\x81"sv);
}

TEST(EndianTest, AppendsBehindWhatIsThere) {
  std::string out = "x";
  append_little_endian<std::uint32_t>(out, 0x818203FFU);
  append_little_endian<std::uint16_t>(out, 1);
  EXPECT_EQ(out, "x\xFF\x03\x82\x81\x01\x00"sv);
}

TEST(EndianTest, TheLargestNumbersComeBack) {
  constexpr auto kLargest = std::numeric_limits<std::uint64_t>::max();
  const auto big = to_big_endian<std::uint64_t>(kLargest - 1);
  const auto little = to_little_endian<std::uint64_t>(kLargest - 1);
  EXPECT_EQ(decode_big_endian({big.data(), big.size()}), kLargest - 1);
  EXPECT_EQ(decode_little_endian({little.data(), little.size()}), kLargest - 1);
}

}  // namespace
}  // namespace imageserver
