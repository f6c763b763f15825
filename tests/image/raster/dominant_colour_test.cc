#include "image/raster/dominant_colour.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace imageserver {

namespace {

struct Patch {
  int pixels;
  Colour colour;
};

Raster patches(const std::vector<Patch>& all) {
  Raster raster{{0, 1}, 4, {}};
  for (const Patch& patch : all) {
    raster.size.width += patch.pixels;
    const Colour& colour = patch.colour;
    for (int i = 0; i < patch.pixels; ++i) {
      raster.pixels.insert(raster.pixels.end(),
                           {colour.red, colour.green, colour.blue, colour.alpha});
    }
  }
  return raster;
}

Colour dominant(const std::vector<Patch>& all) { return dominant_colour(view(patches(all))); }

constexpr Colour kRed{220, 20, 30};
constexpr Colour kBlue{10, 30, 200};
constexpr Colour kGreen{30, 180, 40};

TEST(DominantColour, OfAFlatPictureIsItsOwn) {
  EXPECT_EQ(dominant({{10, kRed}}), kRed);
  EXPECT_EQ(dominant({{1, {0, 0, 0}}}), (Colour{0, 0, 0}));
  EXPECT_EQ(dominant({{3, {255, 255, 255}}}), (Colour{255, 255, 255}));
}

TEST(DominantColour, IsThatOfMostPixelsAndNoMixture) {
  EXPECT_EQ(dominant({{40, kRed}, {35, kBlue}, {25, kGreen}}), kRed);
  EXPECT_EQ(dominant({{25, kRed}, {35, kBlue}, {40, kGreen}}), kGreen);
}

TEST(DominantColour, IsNotSplitByABorderBetweenCells) {
  // 127 and 128 lie in different cells of every colour; together they are more.
  EXPECT_EQ(dominant({{30, {127, 127, 127}}, {30, {128, 128, 128}}, {40, kRed}}),
            (Colour{128, 128, 128}));
  EXPECT_EQ(dominant({{30, {126, 126, 126}}, {30, {128, 128, 128}}, {40, kRed}}),
            (Colour{127, 127, 127}));
}

TEST(DominantColour, IsTheMeanOfWhatIsAlike) {
  EXPECT_EQ(dominant({{10, {100, 100, 100}}, {30, {104, 108, 96}}, {30, kBlue}}),
            (Colour{103, 106, 97}));
}

TEST(DominantColour, IsNeverACellWithoutPixels) {
  // Both lie beside the cell between them, which holds no pixel.
  EXPECT_EQ(dominant({{51, {8, 8, 8}}, {49, {40, 40, 40}}}), (Colour{8, 8, 8}));
}

TEST(DominantColour, PixelsWeighAsMuchAsTheirAlpha) {
  const auto with_alpha = [](Colour colour, std::uint8_t alpha) {
    colour.alpha = alpha;
    return colour;
  };
  EXPECT_EQ(dominant({{60, with_alpha(kRed, 100)}, {40, kBlue}}), kBlue);
  EXPECT_EQ(dominant({{99, with_alpha(kRed, 0)}, {1, with_alpha(kBlue, 1)}}), kBlue);
}

TEST(DominantColour, OfNothingIsBlack) {
  EXPECT_EQ(dominant({{5, {200, 100, 50, 0}}}), (Colour{0, 0, 0}));
}

TEST(DominantColour, GreyPicturesHaveOneToo) {
  EXPECT_EQ(dominant_colour({{4, 1}, 1, std::vector<std::uint8_t>{7, 200, 200, 200}}),
            (Colour{200, 200, 200}));
  EXPECT_EQ(dominant_colour({{2, 1}, 2, std::vector<std::uint8_t>{7, 255, 200, 10}}),
            (Colour{7, 7, 7}));
}

TEST(DominantColour, RgbHasNoAlpha) {
  EXPECT_EQ(dominant_colour({{3, 1}, 3, std::vector<std::uint8_t>{1, 2, 3, 1, 2, 3, 90, 0, 0}}),
            (Colour{1, 2, 3}));
}

}  // namespace
}  // namespace imageserver
