#include "image/heif/colour_matrix.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

namespace imageserver {
namespace {

using Three = std::array<int, 3>;

struct Sample {
  int primaries;
  int matrix;
  bool full_range;
  Three planes;  // 12 bits
  Three rgb;     // 16 bits
};

// As avifdec (libavif 0.11.1) decodes such samples, written with avifenc without loss.
constexpr auto kSamples = std::to_array<Sample>({
    {1, 0, true, {1500, 2600, 1700}, {27206, 24005, 41610}},
    {1, 0, true, {2700, 1700, 2500}, {40009, 43210, 27206}},
    {1, 0, false, {1500, 2600, 1700}, {27007, 23266, 43840}},
    {1, 0, false, {2700, 1700, 2500}, {41969, 45710, 27007}},
    {1, 1, true, {2048, 2048, 2048}, {32776, 32776, 32776}},
    {1, 1, true, {1500, 2600, 1700}, {15235, 24958, 40398}},
    {1, 1, true, {2700, 1700, 2500}, {54601, 40867, 32876}},
    {1, 1, false, {2048, 2048, 2048}, {33516, 33516, 33516}},
    {1, 1, false, {1500, 2600, 1700}, {13245, 24354, 41996}},
    {1, 1, false, {2700, 1700, 2500}, {58726, 43033, 33902}},
    {1, 4, true, {1500, 2600, 1700}, {16209, 25038, 39730}},
    {1, 4, false, {2700, 1700, 2500}, {57281, 41938, 34383}},
    {1, 5, true, {1500, 2600, 1700}, {16197, 24943, 39659}},
    {1, 5, false, {2700, 1700, 2500}, {57297, 41997, 34434}},
    {1, 6, true, {1500, 2600, 1700}, {16197, 24943, 39659}},
    {1, 6, false, {2700, 1700, 2500}, {57297, 41997, 34434}},
    {1, 7, true, {2700, 1700, 2500}, {54610, 41024, 33040}},
    {1, 7, false, {1500, 2600, 1700}, {13238, 24012, 41697}},
    {1, 8, true, {1500, 2600, 1700}, {9602, 32840, 20741}},
    {1, 8, true, {2700, 1700, 2500}, {56013, 37641, 41546}},
    {1, 9, true, {1500, 2600, 1700}, {15793, 25734, 40626}},
    {1, 9, true, {2700, 1700, 2500}, {53877, 39993, 32732}},
    {1, 9, false, {2048, 2048, 2048}, {33516, 33516, 33516}},
    {1, 9, false, {1500, 2600, 1700}, {13883, 25241, 42256}},
    {1, 9, false, {2700, 1700, 2500}, {57898, 42035, 33738}},
    {12, 12, true, {1500, 2600, 1700}, {15417, 24984, 40273}},
    {12, 12, false, {2700, 1700, 2500}, {58455, 42834, 33992}},
    {9, 12, true, {2700, 1700, 2500}, {53877, 39993, 32732}},
    {1, 12, true, {1500, 2600, 1700}, {15235, 24958, 40398}},
    {1, 12, false, {2700, 1700, 2500}, {58725, 43032, 33902}},
});

float weighed(const ChannelWeights& weights, const Three& planes) {
  return weights.y * static_cast<float>(planes[0]) + weights.cb * static_cast<float>(planes[1]) +
         weights.cr * static_cast<float>(planes[2]) + weights.offset;
}

TEST(ColourMatrix, GivesWhatAnotherDecoderGives) {
  for (const Sample& sample : kSamples) {
    const auto matrix =
        colour_matrix({sample.primaries, 13, sample.matrix, sample.full_range}, 12, 65535);
    ASSERT_TRUE(matrix) << sample.matrix;
    for (std::size_t i = 0; i < matrix->size(); ++i) {
      EXPECT_NEAR(weighed(matrix->at(i), sample.planes), static_cast<float>(sample.rgb.at(i)), 2)
          << "matrix " << sample.matrix << ", full range " << sample.full_range;
    }
  }
}

// By the formulas of H.273 for 8 bits: Y' is (Y - 16) / 219, chroma (C - 128) / 224.
TEST(ColourMatrix, KnowsTheEndsOfTheNarrowRange) {
  const auto matrix = *colour_matrix({1, 13, 6, false}, 8, 255);
  for (const ChannelWeights& channel : matrix) {
    EXPECT_NEAR(weighed(channel, {16, 128, 128}), 0, 0.01);
    EXPECT_NEAR(weighed(channel, {235, 128, 128}), 255, 0.01);
  }
  EXPECT_NEAR(weighed(matrix[0], {16, 128, 240}), 255 * 1.402 / 2, 0.01);
  EXPECT_NEAR(weighed(matrix[2], {16, 240, 128}), 255 * 1.772 / 2, 0.01);
}

TEST(ColourMatrix, OfGreyHasTheRangeOfLuma) {
  const ChannelWeights narrow = grey_weights(false, 8, 255);
  EXPECT_NEAR(weighed(narrow, {16, 0, 0}), 0, 0.01);
  EXPECT_NEAR(weighed(narrow, {235, 0, 0}), 255, 0.01);
  EXPECT_NEAR(weighed(narrow, {126, 0, 0}), 255 * 110.0 / 219, 0.01);
  const ChannelWeights wide = grey_weights(true, 10, 65535);
  EXPECT_NEAR(weighed(wide, {0, 0, 0}), 0, 0.01);
  EXPECT_NEAR(weighed(wide, {1023, 0, 0}), 65535, 0.1);
}

TEST(ColourMatrix, ThatIsNotSaidIsTheUsualOne) {
  const Three planes{100, 90, 170};
  const auto open = *colour_matrix({2, 2, 2, true}, 8, 255);
  const auto usual = *colour_matrix({2, 2, 6, true}, 8, 255);
  for (std::size_t i = 0; i < open.size(); ++i)
    EXPECT_EQ(weighed(open.at(i), planes), weighed(usual.at(i), planes));
}

TEST(ColourMatrix, IsNoneWhereNoMatrixOnSamplesDoes) {
  for (const int matrix : {3, 10, 11, 13, 14, 15, 255, 65535})
    EXPECT_FALSE(colour_matrix({1, 13, matrix, true}, 8, 255)) << matrix;
  EXPECT_FALSE(colour_matrix({2, 13, 12, true}, 8, 255)) << "of primaries that are not said";
}

}  // namespace
}  // namespace imageserver
