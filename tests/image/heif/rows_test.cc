#include "image/heif/rows.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace imageserver {
namespace {

TEST(HeifRows, AreReadFromBytesAndFromTwo) {
  const std::array<std::uint8_t, 2> bytes{3, 255};
  HeifRow row(2);
  widen(bytes.data(), 8, row);
  EXPECT_EQ(row, (HeifRow{3, 255}));
  const std::array<std::uint16_t, 2> pairs{3, 1023};
  widen(reinterpret_cast<const std::uint8_t*>(pairs.data()), 10, row);
  EXPECT_EQ(row, (HeifRow{3, 1023}));
}

// Samples of chroma lie in the middle between two of luma.
TEST(HeifRows, AreSpreadThreeToOne) {
  HeifRow even(6);
  spread({0, 40, 80}, even);
  EXPECT_EQ(even, (HeifRow{0, 10, 30, 50, 70, 80}));
  HeifRow odd(5);
  spread({0, 40, 80}, odd);
  EXPECT_EQ(odd, (HeifRow{0, 10, 30, 50, 70}));
  HeifRow one(1);
  spread({40}, one);
  EXPECT_EQ(one, HeifRow{40});
  HeifRow two(2);
  spread({40}, two);
  EXPECT_EQ(two, (HeifRow{40, 40}));
  HeifRow between(1);
  blend({0}, {40}, between);
  EXPECT_EQ(between, HeifRow{10});
}

TEST(HeifRows, AreRoundedAndBounded) {
  const HeifRow grey{-5, 0.4F, 0.6F, 254.4F, 254.6F, 300};
  std::vector<std::uint8_t> bytes(5);
  const std::array<const HeifRow*, 1> channels{&grey};
  store(channels, 1, bytes);
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0, 1, 254, 255, 255}));
  std::vector<std::uint16_t> pairs(6);
  store(channels, 0, pairs);
  EXPECT_EQ(pairs, (std::vector<std::uint16_t>{0, 0, 1, 254, 255, 300}));
}

TEST(HeifRows, AreInterleaved) {
  const HeifRow a{1, 2};
  const HeifRow b{3, 4};
  const std::array<const HeifRow*, 2> channels{&a, &b};
  std::vector<std::uint8_t> bytes(4);
  store(channels, 0, bytes);
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{1, 3, 2, 4}));
}

TEST(HeifRows, LoseAlphaThatIsMultipliedIn) {
  HeifRow channel{100, 100, 7, 0};
  unmultiply({255, 127.5F, 0, 9}, 255, channel);
  EXPECT_EQ(channel, (HeifRow{100, 200, 0, 0}));
}

}  // namespace
}  // namespace imageserver
