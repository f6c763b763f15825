// What lies behind a picture.

#include <gtest/gtest.h>

#include <algorithm>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class BackgroundTest : public TransformTest {
 protected:
  static TransformSpec on(const Colour& background) {
    TransformSpec spec;
    spec.background = background;
    return spec;
  }

  static VImage fading() {
    const VImage alpha = (VImage::xyz(60, 40).extract_band(0) * 4).cast(VIPS_FORMAT_UCHAR);
    return photo(60, 40).bandjoin(alpha);
  }

  static VImage laid(const VImage& picture, const Colour& background) {
    const Plane plane = plane_of(picture);
    Plane result = blank(plane.size, 4);
    const double behind[] = {static_cast<double>(background.red),
                             static_cast<double>(background.green),
                             static_cast<double>(background.blue)};
    for (int y = 0; y < plane.size.height; ++y) {
      for (int x = 0; x < plane.size.width; ++x) {
        const double front = plane.at(x, y, 3) / 255;
        const double back = background.alpha / 255.0 * (1 - front);
        for (int band = 0; band < 3; ++band) {
          result.at(x, y, band) =
              (plane.at(x, y, band) * front + behind[band] * back) / std::max(front + back, 1e-9);
        }
        result.at(x, y, 3) = (front + back) * 255;
      }
    }
    return image_of(result);
  }
};

TEST_F(BackgroundTest, LiesBehindTransparentPixels) {
  const Colour colour{10, 200, 60, 255};
  const VImage pixels = through(fading(), on(colour));
  ASSERT_EQ(pixels.bands(), 3);
  EXPECT_LE(
      levels_between(pixels, laid(fading(), colour).extract_band(0, VImage::option()->set("n", 3)))
          .most,
      1);
}

TEST_F(BackgroundTest, MayBeTransparentItself) {
  for (const int alpha : {0, 1, 128, 254}) {
    const Colour colour{10, 200, 60, static_cast<std::uint8_t>(alpha)};
    const VImage pixels = through(fading(), on(colour));
    ASSERT_EQ(pixels.bands(), 4) << alpha;
    EXPECT_LE(looks_apart(pixels, laid(fading(), colour)).most, 2) << alpha;
  }
}

TEST_F(BackgroundTest, IsNotSeenBehindOpaquePixels) {
  EXPECT_EQ(levels_between(through(photo(31, 20), on({1, 2, 3, 255})), photo(31, 20)).most, 0);
}

TEST_F(BackgroundTest, OfAGreyPictureIsGreyOrMakesItColour) {
  const VImage half = plain(20, 20, {100, 128});
  const VImage grey = through(half, on({200, 200, 200, 255}));
  EXPECT_EQ(grey.bands(), 1);
  EXPECT_NEAR(grey.avg(), 150, 1);
  const VImage colour = through(half, on({255, 0, 0, 255}));
  ASSERT_EQ(colour.bands(), 3);
  EXPECT_NEAR(colour_at(colour, 0, 0, 20, 20)[0], 177, 1);
  EXPECT_NEAR(colour_at(colour, 0, 0, 20, 20)[1], 50, 1);
}

TEST_F(BackgroundTest, InEveryFormat) {
  const Colour colour{0, 0, 255, 255};
  for (const Format format : kFormats) {
    TransformSpec spec = on(colour);
    spec.format = format;
    const VImage pixels = through(plain(40, 40, {255, 0, 0, 0}), spec);
    EXPECT_NEAR(colour_at(pixels, 0, 0, 40, 40)[2], 255, 6) << format_name(format);
    EXPECT_NEAR(colour_at(pixels, 0, 0, 40, 40)[0], 0, 6) << format_name(format);
  }
}

TEST_F(BackgroundTest, ATranslucentOneOnJpegLiesOnWhite) {
  TransformSpec spec = on({0, 0, 0, 128});
  spec.format = Format::kJpeg;
  EXPECT_NEAR(through(plain(40, 40, {255, 0, 0, 0}), spec).avg(), 127, 3);
}

TEST_F(BackgroundTest, AloneIsSomethingAsked) {
  const Bytes source = encoded(fading(), Format::kPng);
  EXPECT_NE(make(source, on({1, 2, 3, 255}))->data.data(), source.data());
}

}  // namespace
}  // namespace imageserver
