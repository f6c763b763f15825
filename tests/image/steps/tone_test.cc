// Grayscale, brightness, contrast, saturation and tint against arithmetic.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;
using Rgb = std::array<double, 3>;

// CIE 1976 L*a*b* of sRGB, D65.
Rgb lab_of(const Rgb& colour) {
  const Rgb light = {light_of(colour[0]) / 255, light_of(colour[1]) / 255,
                     light_of(colour[2]) / 255};
  const auto f = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  };
  const double x = 0.4124 * light[0] + 0.3576 * light[1] + 0.1805 * light[2];
  const double y = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  const double z = 0.0193 * light[0] + 0.1192 * light[1] + 0.9505 * light[2];
  return {116 * f(y) - 16, 500 * (f(x / 0.9505) - f(y)), 200 * (f(y) - f(z / 1.089))};
}

class ToneTest : public TransformTest {
 protected:
  // Every pixel of the colour bands by itself.
  static VImage each(const VImage& picture, const std::function<Rgb(const Rgb&)>& change) {
    Plane plane = plane_of(picture);
    for (int y = 0; y < plane.size.height; ++y) {
      for (int x = 0; x < plane.size.width; ++x) {
        const Rgb result = change({plane.at(x, y, 0), plane.at(x, y, 1), plane.at(x, y, 2)});
        for (int band = 0; band < 3; ++band)
          plane.at(x, y, band) = result.at(static_cast<std::size_t>(band));
      }
    }
    return image_of(plane);
  }

  static VImage vivid() { return photo(60, 40); }

  static double luma(const Rgb& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; }
};

TEST_F(ToneTest, BrightnessAddsHundredthsOfWhite) {
  for (const int brightness : {-100, -30, 1, 40, 100}) {
    TransformSpec spec;
    spec.brightness = brightness;
    const VImage expected =
        image_of(changed(plane_of(vivid()), [&](double v, int) { return v + brightness * 2.55; }));
    EXPECT_LE(levels_between(through(vivid(), spec), expected).most, 1) << brightness;
  }
}

TEST_F(ToneTest, ContrastStretchesAboutMiddleGrey) {
  for (const int contrast : {-100, -50, 1, 50, 100}) {
    TransformSpec spec;
    spec.contrast = contrast;
    const VImage expected = image_of(changed(plane_of(vivid()), [&](double v, int) {
      return 127.5 + (v - 127.5) * (1 + contrast / 100.0);
    }));
    EXPECT_LE(levels_between(through(vivid(), spec), expected).most, 1) << contrast;
  }
}

TEST_F(ToneTest, BrightnessComesBeforeContrast) {
  TransformSpec spec;
  spec.brightness = 20;
  spec.contrast = 60;
  const VImage expected = image_of(
      changed(plane_of(vivid()), [](double v, int) { return 127.5 + (v + 51 - 127.5) * 1.6; }));
  EXPECT_LE(levels_between(through(vivid(), spec), expected).most, 1);
}

TEST_F(ToneTest, SaturationStretchesAboutTheGreyOfTheSameLuma) {
  for (const int saturation : {-100, -40, 30, 100}) {
    TransformSpec spec;
    spec.saturation = saturation;
    const double factor = 1 + saturation / 100.0;
    const VImage expected = each(vivid(), [&](const Rgb& c) {
      const double grey = luma(c);
      return Rgb{grey + (c[0] - grey) * factor, grey + (c[1] - grey) * factor,
                 grey + (c[2] - grey) * factor};
    });
    EXPECT_LE(levels_between(through(vivid(), spec), expected).most, 1) << saturation;
  }
  TransformSpec none;
  none.saturation = -100;
  const VImage grey = through(vivid(), none);
  EXPECT_EQ(levels_between(grey.extract_band(0), grey.extract_band(2)).most, 0);
}

TEST_F(ToneTest, GrayscaleIsOneBandOfTheSameLight) {
  TransformSpec spec;
  spec.grayscale = true;
  const VImage pixels = through(vivid(), spec);
  ASSERT_EQ(pixels.bands(), 1);
  const VImage expected = each(vivid(), [](const Rgb& c) {
                            const double grey =
                                level_of(luma({light_of(c[0]), light_of(c[1]), light_of(c[2])}));
                            return Rgb{grey, grey, grey};
                          }).extract_band(0);
  // libvips rounds the weights of light to tenths.
  EXPECT_LE(levels_between(pixels, expected).most, 6);
  EXPECT_LE(levels_between(pixels, expected).mean, 3);
  EXPECT_EQ(levels_between(through(plain(8, 8, {77}), spec), plain(8, 8, {77})).most, 0);
}

TEST_F(ToneTest, GrayscaleKeepsAlphaAndGoesToEveryFormat) {
  TransformSpec spec;
  spec.grayscale = true;
  const VImage pixels = through(vivid().bandjoin(99.0), spec);
  ASSERT_EQ(pixels.bands(), 2);
  EXPECT_EQ(pixels.extract_band(1).min(), 99);
  EXPECT_EQ(pixels.extract_band(1).max(), 99);
  const VImage grey = through(vivid(), spec);
  for (const Format format : kFormats) {
    spec.format = format;
    EXPECT_LT(distance(through(vivid(), spec), grey), 14) << format_name(format);
  }
}

TEST_F(ToneTest, TintGivesItsHueAndChromaToEveryLightness) {
  for (const Colour& tint : {Colour{150, 120, 100, 255}, Colour{90, 110, 140, 255}}) {
    TransformSpec spec;
    spec.tint = tint;
    const Rgb wanted = lab_of({static_cast<double>(tint.red), static_cast<double>(tint.green),
                               static_cast<double>(tint.blue)});
    for (const std::vector<double>& colour : {std::vector<double>{60, 60, 60},
                                              {128, 128, 128},
                                              {200, 200, 200},
                                              {90, 130, 110},
                                              {170, 150, 140}}) {
      const VImage pixels = through(plain(8, 8, colour), spec);
      const auto got = colour_at(pixels, 2, 2, 4, 4);
      const Rgb lab = lab_of({got[0], got[1], got[2]});
      EXPECT_NEAR(lab[0], lab_of({colour[0], colour[1], colour[2]})[0], 0.5);
      EXPECT_NEAR(lab[1], wanted[1], 1.0);
      EXPECT_NEAR(lab[2], wanted[2], 1.0);
    }
  }
}

TEST_F(ToneTest, TintColoursGreyPicturesAndKeepsAlpha) {
  TransformSpec spec;
  spec.tint = Colour{200, 60, 40, 0};
  EXPECT_EQ(through(plain(8, 8, {100}), spec).bands(), 3) << "its own alpha does not count";
  const VImage pixels = through(plain(8, 8, {100, 50}), spec);
  ASSERT_EQ(pixels.bands(), 4);
  EXPECT_EQ(pixels.extract_band(3).avg(), 50);
  EXPECT_GT(pixels.extract_band(0).avg(), pixels.extract_band(2).avg() + 30);
}

TEST_F(ToneTest, OrderIsGrayscaleBrightnessContrastSaturationTint) {
  TransformSpec all;
  all.grayscale = true;
  all.brightness = 10;
  all.contrast = 30;
  all.tint = Colour{150, 120, 100, 255};
  TransformSpec first;
  first.grayscale = true;
  TransformSpec second;
  second.brightness = 10;
  second.contrast = 30;
  TransformSpec third;
  third.tint = all.tint;
  const VImage expected = through(through(through(vivid(), first), second), third);
  EXPECT_LE(levels_between(through(vivid(), all), expected).most, 1);
}

TEST_F(ToneTest, AlphaStaysAsItIs) {
  const VImage alpha = (VImage::xyz(60, 40).extract_band(0) * 4).cast(VIPS_FORMAT_UCHAR);
  const VImage picture = vivid().bandjoin(alpha);
  TransformSpec spec;
  spec.brightness = 30;
  spec.contrast = -20;
  spec.saturation = 40;
  EXPECT_EQ(levels_between(through(picture, spec).extract_band(3), alpha).most, 0);
}

TEST_F(ToneTest, EveryFrameIsTonedAlike) {
  const Bytes source = encoded(roll({vivid(), vivid().fliphor()}, {50, 50}, 0), Format::kWebp);
  TransformSpec spec;
  spec.brightness = 20;
  spec.saturation = -50;
  const VImage still = through(vivid(), spec);
  spec.lossless = true;
  const VImage pixels = decoded(*make(source, spec));
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 60, 40), still).most, 0);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 40, 60, 40), still.fliphor()).most, 0);
}

}  // namespace
}  // namespace imageserver
