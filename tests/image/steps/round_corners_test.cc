// Rounded corners against arithmetic.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class RadiusTest : public TransformTest {
 protected:
  static TransformSpec rounded(int radius) {
    TransformSpec spec;
    spec.radius = radius;
    return spec;
  }

  // How much of each pixel lies inside, by 16 x 16 points of it.
  static VImage coverage(int width, int height, double radius) {
    constexpr int kPoints = 16;
    Plane plane = blank({width, height}, 1);
    for (int y = 0; y < height * kPoints; ++y) {
      for (int x = 0; x < width * kPoints; ++x) {
        const double at_x = (x + 0.5) / kPoints;
        const double at_y = (y + 0.5) / kPoints;
        const double across = std::max({0.0, radius - at_x, at_x - (width - radius)});
        const double down = std::max({0.0, radius - at_y, at_y - (height - radius)});
        if (std::hypot(across, down) <= radius)
          plane.at(x / kPoints, y / kPoints, 0) += 255.0 / (kPoints * kPoints);
      }
    }
    return image_of(plane);
  }
};

TEST_F(RadiusTest, CoversWhatTheArcCovers) {
  for (const int radius : {1, 2, 5, 10, 20}) {
    const VImage pixels = through(photo(60, 40), rounded(radius));
    ASSERT_EQ(pixels.bands(), 4);
    const Distance distance = levels_between(pixels.extract_band(3), coverage(60, 40, radius));
    EXPECT_LE(distance.mean, 0.3) << radius;
    EXPECT_LE(distance.most, 24) << radius;
  }
}

TEST_F(RadiusTest, TheInsideIsOpaqueTheCornersAreNothingAndTheColoursStay) {
  const VImage pixels = through(photo(60, 40), rounded(12));
  const VImage alpha = pixels.extract_band(3);
  EXPECT_EQ(alpha.extract_area(12, 0, 36, 40).min(), 255);
  EXPECT_EQ(alpha.extract_area(0, 12, 60, 16).min(), 255);
  for (const int x : {0, 57}) {
    for (const int y : {0, 37}) EXPECT_EQ(alpha.extract_area(x, y, 3, 3).max(), 0);
  }
  EXPECT_EQ(
      levels_between(pixels.extract_band(0, VImage::option()->set("n", 3)), photo(60, 40)).most, 0);
}

TEST_F(RadiusTest, IsTheSameInAllCorners) {
  for (const int radius : {3, 9, 20}) {
    const VImage alpha = through(photo(61, 40), rounded(radius)).extract_band(3);
    EXPECT_EQ(levels_between(alpha, alpha.fliphor()).most, 0);
    EXPECT_EQ(levels_between(alpha, alpha.flipver()).most, 0);
  }
}

TEST_F(RadiusTest, IsAtMostHalfTheShorterSide) {
  EXPECT_EQ(
      levels_between(through(photo(60, 40), rounded(8000)), through(photo(60, 40), rounded(20)))
          .most,
      0);
  EXPECT_LE(
      levels_between(through(photo(41, 41), rounded(99)).extract_band(3), coverage(41, 41, 20.5))
          .most,
      30);
}

TEST_F(RadiusTest, CountsInPixelsOfTheResultAndDpr) {
  TransformSpec spec = rounded(5);
  spec.width = 30;
  spec.dpr = 2;
  EXPECT_EQ(levels_between(through(photo(60, 40), spec), through(photo(60, 40), rounded(10))).most,
            0);
}

TEST_F(RadiusTest, RoundsTheCanvasAndTheWatermark) {
  TransformSpec spec = rounded(10);
  spec.width = 60;
  spec.height = 60;
  spec.mode = Mode::kPad;
  const VImage padded = through(photo(60, 40), spec).extract_band(3);
  EXPECT_EQ(padded.extract_area(0, 0, 60, 10).max(), 0);
  EXPECT_EQ(padded.extract_area(0, 10, 1, 40).min(), 255) << "no corner of the canvas";
  TransformSpec marked = rounded(10);
  marked.watermark = Watermark{"logo", gravity_of("nw"), 1, 0};
  const VImage pixels =
      through(photo(60, 40), marked, encoded(plain(20, 20, {255, 0, 0}), Format::kPng));
  EXPECT_EQ(pixels.extract_area(0, 0, 2, 2).extract_band(3).max(), 0);
  EXPECT_EQ(colour_at(pixels, 12, 12, 4, 4), (std::vector<double>{255, 0, 0, 255}));
}

TEST_F(RadiusTest, MultipliesTheAlphaThatIsThere) {
  const VImage alpha = through(photo(60, 40).bandjoin(100.0), rounded(10)).extract_band(3);
  const VImage expected = (coverage(60, 40, 10) * (100 / 255.0)).rint().cast(VIPS_FORMAT_UCHAR);
  EXPECT_LE(levels_between(alpha, expected).most, 13);
  EXPECT_EQ(alpha.extract_area(20, 10, 10, 10).min(), 100);
}

TEST_F(RadiusTest, JpegsHaveWhiteCornersOrTheBackgrounds) {
  TransformSpec spec = rounded(20);
  spec.format = Format::kJpeg;
  const VImage dark = plain(60, 60, {0, 0, 0});
  EXPECT_NEAR(colour_at(through(dark, spec), 0, 0, 4, 4)[0], 255, 6);
  spec.background = Colour{0, 0, 200, 255};
  EXPECT_NEAR(colour_at(through(dark, spec), 0, 0, 4, 4)[2], 200, 12);
}

TEST_F(RadiusTest, GreyPicturesAndEveryFrameToo) {
  EXPECT_EQ(through(plain(30, 20, {80}), rounded(5)).bands(), 2);
  const Bytes source =
      encoded(roll({photo(40, 30), photo(40, 30).fliphor()}, {50, 60}, 3), Format::kWebp);
  TransformSpec spec = rounded(8);
  spec.lossless = true;
  const VImage pixels = decoded(*make(source, spec));
  ASSERT_EQ(pixels.height(), 60);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 40, 30), through(photo(40, 30), rounded(8))).most,
            0);
  EXPECT_EQ(
      looks_apart(pixels.extract_area(0, 30, 40, 30), through(photo(40, 30).fliphor(), rounded(8)))
          .most,
      0);
}

}  // namespace
}  // namespace imageserver
