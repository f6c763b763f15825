// Blur, sharpen and pixelate against arithmetic.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class EffectsTest : public TransformTest {
 protected:
  static TransformSpec blurred(double sigma) {
    TransformSpec spec;
    spec.blur = sigma;
    return spec;
  }

  static TransformSpec sharpened(double sigma) {
    TransformSpec spec;
    spec.sharpen = sigma;
    return spec;
  }

  static TransformSpec pixelated(int size) {
    TransformSpec spec;
    spec.pixelate = size;
    return spec;
  }

  // Of every block, cut off at the edges as it is, the mean of its pixels.
  static VImage mean_blocks(const VImage& picture, int size) {
    const Plane plane = plane_of(picture);
    Plane blocks = plane;
    for (int y = 0; y < plane.size.height; ++y) {
      for (int x = 0; x < plane.size.width; ++x) {
        const int left = x / size * size;
        const int top = y / size * size;
        const int right = std::min(left + size, plane.size.width);
        const int bottom = std::min(top + size, plane.size.height);
        const VImage block = picture.extract_area(left, top, right - left, bottom - top);
        if (x != left || y != top) {
          for (int band = 0; band < plane.bands; ++band)
            blocks.at(x, y, band) = blocks.at(left, top, band);
          continue;
        }
        for (int band = 0; band < plane.bands; ++band)
          blocks.at(x, y, band) = block.extract_band(band).avg();
      }
    }
    return image_of(blocks);
  }

  // With room above and below for what overshoots.
  static VImage soft_quarters() {
    return (quarters(60, 40) * 0.4 + 70)
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  }

  static VImage opaque_on_invisible_green() {
    return plain(60, 40, {0, 255, 0, 0}).insert(plain(30, 20, {220, 30, 40, 255}), 15, 10);
  }

  static void expect_no_fringe(const VImage& pixels) {
    const VImage seen = pixels.extract_band(3) > 25;
    EXPECT_LE((seen / 255 * (pixels.extract_band(0) - 220).abs()).max(), 6);
    EXPECT_LE((seen / 255 * (pixels.extract_band(1) - 30).abs()).max(), 6);
    EXPECT_LE((seen / 255 * (pixels.extract_band(2) - 40).abs()).max(), 6);
  }
};

TEST_F(EffectsTest, BlurIsTheGaussian) {
  const VImage edges = quarters(60, 40);
  for (const double sigma : {0.5, 1.0, 2.0, 5.0, 12.0}) {
    for (const VImage& picture : {photo(61, 43), edges}) {
      const VImage pixels = through(picture, blurred(sigma));
      const VImage expected = image_of(gauss(plane_of(picture), sigma));
      const Distance distance = levels_between(pixels, expected);
      EXPECT_LE(distance.mean, 1.0) << sigma;
      EXPECT_LE(distance.most, 8) << sigma;
      EXPECT_GE(similarity_between(pixels, expected), 0.995) << sigma;
    }
  }
}

TEST_F(EffectsTest, BlurCountsInPixelsOfTheResult) {
  TransformSpec spec = blurred(2);
  spec.width = 30;
  const VImage picture = photo(120, 80);
  const VImage small = through(picture, sized(30, 0));
  EXPECT_EQ(levels_between(through(picture, spec), through(small, blurred(2))).most, 0);
  spec.width = 15;
  spec.dpr = 2;
  spec.blur = 1;
  EXPECT_EQ(levels_between(through(picture, spec), through(small, blurred(2))).most, 0) << "dpr";
}

TEST_F(EffectsTest, BlurLeavesNoFringe) {
  const VImage pixels = through(opaque_on_invisible_green(), blurred(3));
  expect_no_fringe(pixels);
  const VImage alpha = opaque_on_invisible_green().extract_band(3);
  const VImage expected = image_of(gauss(plane_of(alpha), 3));
  const Distance apart = levels_between(pixels.extract_band(3), expected);
  EXPECT_LE(apart.mean, 1.0);
  EXPECT_LE(apart.most, 8);
}

TEST_F(EffectsTest, AHugeBlurOfASmallPictureEnds) {
  const VImage pixels = through(quarters(20, 20), blurred(100));
  EXPECT_EQ(pixels.width(), 20);
  EXPECT_LT(pixels.extract_band(0).deviate(), 40);
}

TEST_F(EffectsTest, SharpenIsTheUnsharpMask) {
  for (const double sigma : {0.5, 1.0, 3.0}) {
    for (const VImage& picture : {photo(61, 43), soft_quarters()}) {
      const Plane plane = plane_of(picture);
      const Plane soft = gauss(plane, sigma);
      Plane sharp = plane;
      for (std::size_t i = 0; i < sharp.values.size(); ++i)
        sharp.values[i] = 2 * plane.values[i] - soft.values[i];
      const VImage pixels = through(picture, sharpened(sigma));
      const Distance distance = levels_between(pixels, image_of(sharp));
      EXPECT_LE(distance.mean, 1.0) << sigma;
      EXPECT_LE(distance.most, 8) << sigma;
      EXPECT_GE(similarity_between(pixels, image_of(sharp)), 0.995) << sigma;
      EXPECT_GT(levels_between(pixels, picture).most, 0) << "it does something";
    }
  }
}

TEST_F(EffectsTest, SharpenKeepsFlatPartsAndAlpha) {
  EXPECT_EQ(levels_between(through(plain(20, 20, {10, 100, 250}), sharpened(2)),
                           plain(20, 20, {10, 100, 250}))
                .most,
            0);
  const VImage picture = opaque_on_invisible_green();
  const VImage pixels = through(picture, sharpened(2));
  EXPECT_EQ(levels_between(pixels.extract_band(3), picture.extract_band(3)).most, 0);
  expect_no_fringe(pixels);
}

TEST_F(EffectsTest, PixelateIsTheMeanOfEachBlock) {
  for (const int size : {2, 5, 10}) {
    const VImage picture = photo(60, 40);
    EXPECT_LE(levels_between(through(picture, pixelated(size)), mean_blocks(picture, size)).most, 1)
        << size;
  }
}

TEST_F(EffectsTest, PixelateOfBlocksThatAreCutOff) {
  for (const int size : {7, 16, 64, 1000}) {
    const VImage picture = photo(61, 43);
    EXPECT_LE(levels_between(through(picture, pixelated(size)), mean_blocks(picture, size)).most, 2)
        << size;
  }
}

TEST_F(EffectsTest, PixelateOf1DoesNothingToThePixels) {
  EXPECT_EQ(levels_between(through(photo(31, 20), pixelated(1)), photo(31, 20)).most, 0);
}

TEST_F(EffectsTest, PixelateCountsInPixelsOfTheResultAndDpr) {
  TransformSpec spec = pixelated(5);
  spec.dpr = 2;
  const VImage picture = photo(60, 40);
  EXPECT_LE(levels_between(through(picture, spec), mean_blocks(picture, 10)).most, 1);
}

TEST_F(EffectsTest, PixelateLeavesNoFringe) {
  expect_no_fringe(through(opaque_on_invisible_green(), pixelated(4)));
  const VImage pixels = through(opaque_on_invisible_green(), pixelated(8));
  expect_no_fringe(pixels);
  EXPECT_LE(levels_between(pixels.extract_band(3),
                           mean_blocks(opaque_on_invisible_green().extract_band(3), 8))
                .most,
            1);
}

TEST_F(EffectsTest, EffectsDoNotReachFromFrameToFrame) {
  const Bytes source = encoded(
      roll({plain(30, 20, {255, 0, 0}), plain(30, 20, {0, 0, 255})}, {50, 50}, 0), Format::kWebp);
  for (TransformSpec spec : {blurred(3), sharpened(3), pixelated(7)}) {
    spec.lossless = true;
    const VImage pixels = decoded(*make(source, spec));
    EXPECT_EQ(pixels.extract_area(0, 0, 30, 20).extract_band(2).max(), 0);
    EXPECT_EQ(pixels.extract_area(0, 20, 30, 20).extract_band(0).max(), 0);
  }
}

}  // namespace
}  // namespace imageserver
