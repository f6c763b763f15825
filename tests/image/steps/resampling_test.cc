#include <gtest/gtest.h>

#include <cmath>

#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

class ResamplingTest : public TransformTest {
 protected:
  VImage resampled(const VImage& picture, int width, int height, Resampling resampling) {
    TransformSpec spec = sized(width, height);
    spec.resampling = resampling;
    return decoded(*make(encoded(picture, Format::kPng), spec));
  }

  // Columns of black and white, one pixel each.
  static VImage stripes(int width, int height) {
    const VImage x = VImage::xyz(width, height).extract_band(0);
    return (x % 2 * 255)
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
  }
};

TEST_F(ResamplingTest, NearestNeighbourInventsNoColour) {
  for (const auto& [w, h] : {std::pair{17, 9}, {64, 64}, {31, 100}, {300, 2}, {90, 90}}) {
    const VImage pixels = resampled(stripes(60, 60), w, h, Resampling::kNearestNeighbor);
    const VImage grey = (pixels > 0) & (pixels < 255);
    EXPECT_EQ(grey.max(), 0) << w << "x" << h;
  }
}

TEST_F(ResamplingTest, NearestNeighbourEnlargesToSquares) {
  const VImage pixels = resampled(quarters(2, 2), 10, 10, Resampling::kNearestNeighbor);
  EXPECT_EQ(distance(pixels, quarters(10, 10)), 0);
}

TEST_F(ResamplingTest, BoxIsTheMeanOfThePixelsCovered) {
  const VImage picture = photo(120, 80);
  const VImage pixels = resampled(picture, 30, 20, Resampling::kBox);
  EXPECT_LT(distance(pixels, picture.shrink(4, 4)), 0.8);
  EXPECT_NEAR(resampled(stripes(60, 60), 30, 30, Resampling::kBox).deviate(), 0, 0.01);
}

TEST_F(ResamplingTest, BoxRepeatsPixelsWhereItEnlarges) {
  const VImage pixels = resampled(quarters(2, 2), 10, 10, Resampling::kBox);
  EXPECT_EQ(distance(pixels, quarters(10, 10)), 0);
}

TEST_F(ResamplingTest, BoxShrinksOneSideAndRepeatsAlongTheOther) {
  const VImage pixels = resampled(stripes(60, 2), 30, 8, Resampling::kBox);
  EXPECT_NEAR(pixels.avg(), 127.5, 1);
  EXPECT_NEAR(pixels.deviate(), 0, 0.01);
}

TEST_F(ResamplingTest, LinearEnlargesWithoutOvershoot) {
  const VImage edge = plain(10, 10, {50}).join(plain(10, 10, {200}), VIPS_DIRECTION_HORIZONTAL);
  const VImage linear = resampled(edge, 80, 40, Resampling::kLinear);
  EXPECT_GE(linear.min(), 49);
  EXPECT_LE(linear.max(), 201);
}

TEST_F(ResamplingTest, TheSharperKernelsKeepMoreContrast) {
  const VImage picture = stripes(16, 2).zoom(4, 4);
  const auto contrast = [&](Resampling resampling) {
    return resampled(picture, 48, 8, resampling).deviate();
  };
  EXPECT_GT(contrast(Resampling::kLanczos), contrast(Resampling::kLinear));
  EXPECT_GT(contrast(Resampling::kCubic), contrast(Resampling::kLinear));
}

TEST_F(ResamplingTest, NoKernelMovesThePicture) {
  const VImage picture = photo(240, 180);
  for (const Resampling resampling :
       {Resampling::kNearestNeighbor, Resampling::kBox, Resampling::kLinear, Resampling::kCubic}) {
    const VImage pixels = resampled(picture, 71, 53, resampling);
    const VImage lanczos = resampled(picture, 71, 53, Resampling::kLanczos);
    EXPECT_LT(distance(pixels, lanczos), resampling == Resampling::kNearestNeighbor ? 16 : 5)
        << static_cast<int>(resampling);
  }
}

}  // namespace
}  // namespace imageserver
