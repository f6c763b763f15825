#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/pictures.h"
#include "support/profiles.h"

namespace imageserver {
namespace {

using vips::VImage;

class ColourTest : public TransformTest {
 protected:
  VImage made(const Bytes& source, int width, Format format = Format::kPng) {
    TransformSpec spec = sized(width, 0);
    spec.format = format;
    return decoded(*make(source, spec));
  }

  static VImage cmyk_of(const VImage& picture) {
    return picture.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  }

  static VImage sixteen_of(const VImage& picture) {
    return (picture * 257)
        .cast(VIPS_FORMAT_USHORT)
        .copy(VImage::option()->set("interpretation", picture.bands() < 3
                                                          ? VIPS_INTERPRETATION_GREY16
                                                          : VIPS_INTERPRETATION_RGB16));
  }

  static VImage grey_of(const VImage& picture) {
    return picture.colourspace(VIPS_INTERPRETATION_B_W);
  }

  // A profile that says no more than: grey, with this gamma.
  static std::string grey_profile(double gamma) {
    const auto u32 = [](std::uint32_t value) {
      std::string bytes;
      for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
      return bytes;
    };
    const std::string white = u32(0xF6D6) + u32(0x10000) + u32(0xD32D);
    std::string header = u32(128 + 4 + 24 + 20 + 16) + "lcms" + u32(0x04200000) + "mntrGRAYXYZ ";
    header += std::string(12, '\0') + "acsp";
    header.resize(68, '\0');
    header += white;
    header.resize(128, '\0');
    const std::string tags = u32(2) + "wtpt" + u32(156) + u32(20) + "kTRC" + u32(176) + u32(14);
    const auto fixed = static_cast<std::uint32_t>(gamma * 256);
    const std::string curve = "curv" + u32(0) + u32(1) + u32(fixed << 16U);
    return header + tags + "XYZ " + u32(0) + white + curve;
  }
};

TEST_F(ColourTest, CmykBecomesSrgbByItsProfile) {
  const VImage cmyk = cmyk_of(photo(200, 150));
  const Bytes source = to_bytes(cmyk.jpegsave_buffer(VImage::option()->set("Q", 98)));
  const VImage expected = cmyk.icc_transform("srgb", VImage::option()->set("embedded", true));
  const VImage pixels = made(source, 200);
  EXPECT_EQ(pixels.bands(), 3);
  EXPECT_LT(distance(pixels, expected), 4);
  EXPECT_LT(distance(made(source, 50), expected.resize(0.25)), 5);
}

TEST_F(ColourTest, CmykBecomesSrgbWithoutAProfile) {
  const VImage cmyk = cmyk_of(photo(200, 150));
  const Bytes source =
      to_bytes(cmyk.jpegsave_buffer(VImage::option()->set("Q", 98)->set("strip", true)));
  const VImage expected =
      cmyk.icc_transform("srgb", VImage::option()->set("input_profile", "cmyk"));
  for (const Format format : kFormats)
    EXPECT_LT(distance(made(source, 200, format), expected), format == Format::kGif ? 14 : 6);
}

TEST_F(ColourTest, DisplayP3BecomesSrgb) {
  const VImage p3 =
      photo(200, 150).icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
  const VImage expected = p3.icc_transform("srgb", VImage::option()->set("embedded", true));
  ASSERT_GT(distance(p3, expected), 4) << "as if the profile were not there";
  const VImage pixels = made(encoded(p3, Format::kPng), 200);
  EXPECT_LT(distance(pixels, expected), 1);
  EXPECT_EQ(pixels.get_typeof(VIPS_META_ICC_NAME), 0U);
  EXPECT_LT(distance(made(encoded(p3, Format::kJpeg), 50), expected.resize(0.25)), 4);
}

TEST_F(ColourTest, ProfilesWorkBesideAlphaAndAt16Bits) {
  const VImage p3 =
      photo(100, 80).icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
  const VImage expected = p3.icc_transform("srgb", VImage::option()->set("embedded", true));
  const VImage alpha = p3.bandjoin(255.0);
  EXPECT_LT(distance(made(encoded(alpha, Format::kPng), 100), expected), 1);
  EXPECT_LT(distance(made(encoded(sixteen_of(alpha), Format::kPng), 100), expected), 2);
}

TEST_F(ColourTest, GreyProfilesWorkAndStayGrey) {
  const VImage grey = grey_of(photo(60, 40));
  const VImage dark = tagged(grey, grey_profile(1.0));
  const VImage pixels = made(encoded(dark, Format::kJpeg), 60);
  EXPECT_EQ(pixels.bands(), 1);
  EXPECT_GT(pixels.avg(), grey.avg() + 15) << "linear light looks brighter in sRGB";
  const VImage same = made(encoded(tagged(grey, grey_profile(2.2)), Format::kJpeg), 60);
  EXPECT_LT(distance(same, grey), 4);
}

// Dark greys too, for which a table of few steps is too coarse. Of the formula of sRGB
// (IEC 61966-2-1); a browser shows the same.
TEST_F(ColourTest, GreysOfALinearProfileAreExact) {
  const VImage steps =
      VImage::identity().copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
  for (const VImage& greys : {steps, steps.bandjoin(128), sixteen_of(steps)}) {
    const VImage pixels = made(encoded(tagged(greys, grey_profile(1.0)), Format::kTiff), 256);
    ASSERT_EQ(pixels.bands(), greys.bands());
    for (int value = 0; value < 256; ++value) {
      const double light = value / 255.0;
      const double level =
          light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
      EXPECT_NEAR(pixels.getpoint(value, 0)[0], 255 * level, 0.51) << value;
    }
  }
}

TEST_F(ColourTest, AProfileThatDoesNotFitIsIgnored) {
  const VImage picture = photo(60, 40);
  const VImage grey = grey_of(picture);
  VipsBlob* blob = VImage::profile_load("srgb");
  const Bytes rgb = to_bytes(blob);
  const std::string rgb_profile(rgb.view());
  EXPECT_LT(distance(made(encoded(tagged(grey, rgb_profile), Format::kJpeg), 60), grey), 3);
  EXPECT_LT(distance(made(encoded(tagged(picture, grey_profile(1.0)), Format::kJpeg), 60), picture),
            6);
  const std::string broken = rgb_profile.substr(0, 140);
  EXPECT_LT(distance(made(encoded(tagged(picture, broken), Format::kJpeg), 60), picture), 6);
}

TEST_F(ColourTest, SixteenBitsBecomeEight) {
  const VImage picture = photo(90, 60);
  for (const VImage& source : {picture, grey_of(picture), picture.bandjoin(255.0)}) {
    const VImage pixels = made(encoded(sixteen_of(source), Format::kPng), 90, Format::kTiff);
    EXPECT_EQ(pixels.format(), VIPS_FORMAT_UCHAR);
    EXPECT_EQ(pixels.bands(), source.bands());
    EXPECT_LT(distance(pixels, source), 1);
  }
}

TEST_F(ColourTest, GreyStaysOneBandWhereTheFormatHasOne) {
  const VImage grey = grey_of(photo(90, 60));
  for (const Format in : {Format::kJpeg, Format::kPng}) {
    EXPECT_EQ(made(encoded(grey, in), 45, Format::kPng).bands(), 1);
    EXPECT_EQ(made(encoded(grey, in), 45, Format::kJpeg).bands(), 1);
    EXPECT_LT(distance(made(encoded(grey, in), 45, Format::kWebp), grey.resize(0.5)), 7);
    EXPECT_LT(distance(made(encoded(grey, in), 45, Format::kGif), grey.resize(0.5)), 14);
  }
}

TEST_F(ColourTest, PalettesAndSingleBitsAreReadAsColours) {
  const VImage picture = quarters(60, 40);
  const Bytes palette =
      to_bytes(picture.pngsave_buffer(VImage::option()->set("palette", true)->set("dither", 0.0)));
  EXPECT_LT(distance(made(palette, 30), quarters(30, 20)), 25);
  const VImage bits = plain(32, 32, {0}).join(plain(32, 32, {255}), VIPS_DIRECTION_HORIZONTAL);
  const Bytes single = to_bytes(bits.pngsave_buffer(VImage::option()->set("bitdepth", 1)));
  EXPECT_LT(distance(made(single, 64), bits), 1);
}

TEST_F(ColourTest, ProgressiveAndInterlacedSourcesWork) {
  const VImage picture = photo(300, 200);
  const Bytes jpeg =
      to_bytes(picture.jpegsave_buffer(VImage::option()->set("interlace", true)->set("Q", 95)));
  const Bytes png = to_bytes(picture.pngsave_buffer(VImage::option()->set("interlace", true)));
  for (const Bytes& source : {jpeg, png}) {
    EXPECT_LT(distance(made(source, 150), picture.resize(0.5)), 4);
    EXPECT_LT(distance(made(source, 30), picture.resize(0.1)), 4);
  }
}

TEST_F(ColourTest, JpegsOfTransparentPicturesAreOnWhite) {
  const VImage half = plain(40, 40, {255, 0, 0, 128});
  const auto red = colour_at(made(encoded(half, Format::kPng), 20, Format::kJpeg), 2, 2, 16, 16);
  EXPECT_NEAR(red[0], 255, 3);
  EXPECT_NEAR(red[1], 127, 3);
  const VImage nothing = plain(40, 40, {0, 0, 0, 0});
  EXPECT_NEAR(made(encoded(nothing, Format::kPng), 20, Format::kJpeg).avg(), 255, 1);
}

TEST_F(ColourTest, JpegsOfTransparentGreyAnd16BitPicturesAreOnWhite) {
  const VImage half = plain(40, 40, {0, 128});
  EXPECT_NEAR(made(encoded(half, Format::kPng), 20, Format::kJpeg).avg(), 127, 2);
  EXPECT_NEAR(made(encoded(sixteen_of(half), Format::kPng), 20, Format::kJpeg).avg(), 127, 2);
  EXPECT_EQ(made(encoded(half, Format::kPng), 20, Format::kJpeg).bands(), 1);
}

TEST_F(ColourTest, AlphaIsKeptWhereTheFormatHasIt) {
  const VImage half = plain(40, 40, {200, 100, 0, 128});
  for (const Format format : {Format::kPng, Format::kWebp}) {
    const auto colour = colour_at(made(encoded(half, Format::kPng), 20, format), 2, 2, 16, 16);
    ASSERT_EQ(colour.size(), 4U);
    EXPECT_NEAR(colour[0], 200, 4);
    EXPECT_NEAR(colour[3], 128, 1);
  }
}

TEST_F(ColourTest, OpaquePicturesStayOpaque) {
  const VImage opaque = photo(90, 60).bandjoin(255.0);
  for (const int width : {31, 90, 155})
    EXPECT_EQ(made(encoded(opaque, Format::kPng), width, Format::kTiff).extract_band(3).min(), 255)
        << width;
}

TEST_F(ColourTest, TheColourOfTransparentPixelsDoesNotBleed) {
  // Invisible green beside opaque red.
  const VImage sides = plain(40, 40, {0, 255, 0, 0})
                           .join(plain(40, 40, {255, 0, 0, 255}), VIPS_DIRECTION_HORIZONTAL);
  const VImage flat = made(encoded(sides, Format::kPng), 27, Format::kPng)
                          .flatten(VImage::option()->set("background", 0.0));
  EXPECT_LT(flat.extract_band(1).max(), 3);
}

TEST_F(ColourTest, TheSamplesWork) {
  for (const std::string name : {"cmyk.jpg", "grey.jpg", "progressive.jpg", "p3.jpg", "sixteen.png",
                                 "alpha.png", "small.jpg"}) {
    const VImage pixels = made(read_testdata(name), 64, Format::kJpeg);
    EXPECT_EQ(pixels.width(), 64) << name;
    EXPECT_GT(pixels.deviate(), 10) << name;
  }
}

}  // namespace
}  // namespace imageserver
