#include <gtest/gtest.h>

#include <vector>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class TrimTest : public TransformTest {
 protected:
  static TransformSpec trimmed(double threshold) {
    TransformSpec spec = as(Format::kPng);
    spec.trim = threshold;
    return spec;
  }

  // A picture of strong colours in a border.
  static VImage inner() { return (photo(50, 30) * 0.5).cast(VIPS_FORMAT_UCHAR); }
  static VImage framed(const std::vector<double>& border) {
    return plain(90, 70, border).insert(inner(), 10, 25);
  }
};

TEST_F(TrimTest, TakesTheBorderAway) {
  for (const auto& border : {std::vector<double>{255, 255, 255}, {255, 0, 255}, {200, 255, 255}}) {
    EXPECT_EQ(levels_between(through(framed(border), trimmed(10)), inner()).most, 0);
  }
}

TEST_F(TrimTest, TheThresholdSaysHowFarABorderMayVary) {
  VImage noisy = framed({230, 230, 230}).copy_memory();
  noisy.draw_rect({215, 230, 245}, 80, 5, 4, 4, VImage::option()->set("fill", true));
  EXPECT_EQ(levels_between(through(noisy, trimmed(20)), inner()).most, 0);
  const VImage kept = through(noisy, trimmed(10));
  EXPECT_EQ(kept.width(), 84 - 10);
  EXPECT_EQ(kept.height(), 55 - 5);
}

TEST_F(TrimTest, OfTransparentBordersLooksAtAlpha) {
  const VImage solid = inner().bandjoin(255.0);
  const VImage picture = plain(90, 70, {10, 20, 30, 0}).insert(solid, 10, 25);
  EXPECT_EQ(levels_between(through(picture, trimmed(10)), solid).most, 0);
  // A dark shadow on nothing stays, though its colour is the border's.
  const VImage shadow = plain(90, 70, {0, 0, 0, 0}).insert(plain(20, 10, {0, 0, 0, 200}), 30, 40);
  const VImage pixels = through(shadow, trimmed(10));
  EXPECT_EQ(pixels.width(), 20);
  EXPECT_EQ(pixels.height(), 10);
}

TEST_F(TrimTest, OfAlphaBehindAnOpaqueBorderLooksAtColours) {
  const VImage picture =
      plain(90, 70, {255, 255, 255, 255}).insert(inner().bandjoin(255.0), 10, 25);
  const VImage pixels = through(picture, trimmed(10));
  EXPECT_EQ(levels_between(pixels, inner().bandjoin(255.0)).most, 0);
}

TEST_F(TrimTest, OfAUniformPictureLeavesItAll) {
  for (const auto& colour : {std::vector<double>{255, 255, 255}, {0, 0, 0}, {9, 9, 9, 0}, {77}}) {
    const VImage pixels = through(plain(31, 17, colour), trimmed(10));
    EXPECT_EQ(pixels.width(), 31);
    EXPECT_EQ(pixels.height(), 17);
  }
}

TEST_F(TrimTest, AtThreshold0OnlyTheVeryColourGoes) {
  EXPECT_EQ(levels_between(through(framed({255, 255, 255}), trimmed(0)), inner()).most, 0);
  const VImage almost =
      plain(40, 40, {255, 255, 255}).insert(plain(10, 10, {254, 255, 255}), 20, 20);
  EXPECT_EQ(through(almost, trimmed(0)).width(), 10);
}

TEST_F(TrimTest, GoesInsideACrop) {
  TransformSpec spec = trimmed(10);
  spec.crop = CropBox{0, 0, 40, 70};
  EXPECT_EQ(
      levels_between(through(framed({255, 255, 255}), spec), inner().extract_area(0, 0, 30, 30))
          .most,
      0);
  spec.crop = CropBox{20, 30, 40, 50};
  const VImage within = inner().extract_area(10, 5, 20, 20);
  const VImage pixels = through(framed({255, 255, 255}), spec);
  EXPECT_LE(pixels.width(), within.width());
}

TEST_F(TrimTest, ComesBeforeSizesAndTurns) {
  TransformSpec spec = trimmed(10);
  spec.rotation = 90;
  spec.width = 15;
  const VImage pixels = through(framed({255, 255, 255}), spec);
  EXPECT_EQ(pixels.width(), 15);
  EXPECT_EQ(pixels.height(), 25);
  const VImage expected =
      image_of(resampled(plane_of(inner().rot270()), {15, 25}, Resampling::kLanczos));
  EXPECT_LT(levels_between(pixels, expected).mean, 0.6);
}

TEST_F(TrimTest, OfAnAnimationKeepsWhatAnyFrameShows) {
  const VImage first = plain(90, 70, {255, 255, 255}).insert(inner(), 10, 25);
  const VImage second = plain(90, 70, {255, 255, 255}).insert(inner(), 30, 5);
  TransformSpec spec = trimmed(10);
  spec.format = Format::kWebp;
  spec.lossless = true;
  const VImage pixels =
      decoded(*make(encoded(roll({first, second}, {50, 50}, 0), Format::kWebp), spec));
  ASSERT_EQ(pixels.width(), 70);
  ASSERT_EQ(vips_image_get_page_height(pixels.get_image()), 50);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 70, 50), first.extract_area(10, 5, 70, 50)).most,
            0);
  EXPECT_EQ(
      looks_apart(pixels.extract_area(0, 50, 70, 50), second.extract_area(10, 5, 70, 50)).most, 0);
}

TEST_F(TrimTest, OfACmykPictureWorks) {
  const VImage white = plain(90, 70, {255, 255, 255}).insert(inner(), 10, 25);
  const VImage cmyk = white.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  const VImage pixels =
      decoded(*make(to_bytes(cmyk.jpegsave_buffer(VImage::option()->set("Q", 98))), trimmed(30)));
  EXPECT_NEAR(pixels.width(), 50, 16);
  EXPECT_NEAR(pixels.height(), 30, 16);
}

}  // namespace
}  // namespace imageserver
