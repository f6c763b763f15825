#include "image/colour/light_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "image/colour/light_converter.h"
#include "image/colour/tone_map.h"
#include "support/profiles.h"

namespace imageserver {
namespace {

using Bytes3 = std::array<std::uint8_t, 3>;
using Words3 = std::array<std::uint16_t, 3>;

Bytes3 shown(const LightSpace& space, const Bytes3& pixel) {
  Bytes3 result{};
  LightConverter(space, 3, LightConverter::Depth::k8).convert(pixel.data(), result.data(), 1);
  return result;
}

Bytes3 shown(const LightSpace& space, const Words3& pixel) {
  Bytes3 result{};
  LightConverter(space, 3, LightConverter::Depth::k16).convert(pixel.data(), result.data(), 1);
  return result;
}

Words3 deep(const Bytes3& pixel) {
  return {static_cast<std::uint16_t>(pixel[0] * 257), static_cast<std::uint16_t>(pixel[1] * 257),
          static_cast<std::uint16_t>(pixel[2] * 257)};
}

void expect_near(const Bytes3& pixel, const Bytes3& expected, int most) {
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(pixel[i], expected[i], most) << i;
}

struct Shown {
  Cicp cicp;
  Bytes3 colour;  // of 200, 80, 60
  int grey;       // of 68
};

// Pixels of a PNG with a cICP chunk, as Chromium 156 draws them to a canvas.
constexpr Shown kShown[] = {
    {{12, 13}, {216, 69, 50}, 68},  {{9, 13}, {244, 37, 50}, 68},  {{5, 13}, {203, 80, 60}, 68},
    {{6, 13}, {195, 84, 59}, 68},   {{22, 13}, {202, 84, 59}, 68}, {{11, 13}, {212, 69, 51}, 68},
    {{1, 4}, {201, 79, 57}, 66},    {{1, 5}, {189, 56, 36}, 44},   {{1, 7}, {206, 97, 77}, 85},
    {{1, 8}, {229, 152, 133}, 141}, {{1, 17}, {200, 65, 44}, 53},
};

TEST(LightSpace, CodePointsLookAsInABrowser) {
  for (const auto& [cicp, colour, grey] : kShown) {
    SCOPED_TRACE(testing::Message() << cicp.primaries << '/' << cicp.transfer);
    const auto space = light_space_of(cicp);
    ASSERT_TRUE(space);
    EXPECT_FALSE(is_srgb(cicp));
    const auto level = static_cast<std::uint8_t>(68);
    for (const bool is_deep : {false, true}) {
      const Bytes3 in{200, 80, 60};
      const Bytes3 greys{level, level, level};
      expect_near(is_deep ? shown(*space, deep(in)) : shown(*space, in), colour, 1);
      EXPECT_NEAR((is_deep ? shown(*space, deep(greys)) : shown(*space, greys))[0], grey, 1);
    }
  }
}

TEST(LightSpace, PicturesOfCamerasAndUnspecifiedOnesAreSrgb) {
  for (const int transfer : {1, 2, 6, 11, 13, 14, 15}) {
    EXPECT_TRUE(is_srgb(Cicp{1, transfer})) << transfer;
    EXPECT_TRUE(is_srgb(Cicp{2, transfer})) << transfer;
    EXPECT_FALSE(is_srgb(Cicp{9, transfer})) << transfer;
  }
}

TEST(LightSpace, UnknownCodePointsAreNoSpace) {
  for (const int code : {0, 3, 10, 13, 21, 200, 65535, -1}) {
    EXPECT_FALSE(light_space_of(Cicp{code, 13})) << code;
    EXPECT_FALSE(is_srgb(Cicp{code, 13})) << code;
  }
  for (const int code : {0, 3, 9, 10, 12, 19, 200, -1}) {
    EXPECT_FALSE(light_space_of(Cicp{1, code})) << code;
    EXPECT_FALSE(is_srgb(Cicp{1, code})) << code;
  }
}

TEST(LightSpace, AGammaThatIsNearlySrgbsIsSrgb) {
  EXPECT_TRUE(is_srgb(Calibration{1 / 0.45455, kSrgbPrimaries}));
  EXPECT_TRUE(is_srgb(Calibration{1 / 0.45, kSrgbPrimaries}));
  EXPECT_FALSE(is_srgb(Calibration{1 / 0.43, kSrgbPrimaries}));
  EXPECT_FALSE(is_srgb(Calibration{1.8, kSrgbPrimaries}));
  EXPECT_FALSE(is_srgb(Calibration{2.2, *primaries_of(12)}));
}

TEST(LightSpace, NumbersThatMakeNoSenseAreNoSpace) {
  EXPECT_FALSE(light_space_of(Calibration{0, kSrgbPrimaries}));
  EXPECT_FALSE(light_space_of(Calibration{100'000, kSrgbPrimaries}));
  EXPECT_FALSE(light_space_of(Calibration{std::nan(""), kSrgbPrimaries}));
  EXPECT_FALSE(light_space_of(Calibration{2.2, {}}));
}

// To the last level but one, as Little CMS converts them in 8 bits.
TEST(LightSpace, ProfilesOfAMatrixAreReadAsLittleCmsReadsThem) {
  const ColourProfile srgb(cmsCreate_sRGBProfile());
  const std::string p3 = profile_of_libvips("p3");
  const ColourProfile opened = open_profile(p3);
  cmsHTRANSFORM const transform = cmsCreateTransform(opened.get(), TYPE_RGB_8, srgb.get(),
                                                     TYPE_RGB_8, INTENT_RELATIVE_COLORIMETRIC, 0);
  const auto space = light_space_of(p3);
  ASSERT_TRUE(space);
  const LightConverter converter(*space, 3, LightConverter::Depth::k8);
  for (int i = 0; i < 4096; ++i) {
    const Bytes3 pixel{static_cast<std::uint8_t>(i % 16 * 17),
                       static_cast<std::uint8_t>(i / 16 % 16 * 17),
                       static_cast<std::uint8_t>(i / 256 * 17)};
    Bytes3 expected{};
    cmsDoTransform(transform, pixel.data(), expected.data(), 1);
    Bytes3 result{};
    converter.convert(pixel.data(), result.data(), 1);
    expect_near(result, expected, 1);
  }
  cmsDeleteTransform(transform);
}

TEST(LightSpace, ProfilesOfTablesAreNoSpace) {
  EXPECT_FALSE(light_space_of(profile_of_libvips("cmyk")));
  EXPECT_FALSE(light_space_of(swapping_profile(INTENT_PERCEPTUAL)));
  EXPECT_FALSE(light_space_of("no profile"));
  EXPECT_FALSE(light_space_of(""));
}

Words3 in_pq(double red, double green, double blue) {
  const auto word = [](double nits) {
    return static_cast<std::uint16_t>(std::lround(pq_of_light(nits) * 65535));
  };
  return {word(red), word(green), word(blue)};
}

double level_of(double light) {
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055);
}

TEST(LightSpace, GreysOfPqAreToneMapped) {
  const auto space = light_space_of(Cicp{9, 16});
  ASSERT_TRUE(space);
  for (const double nits : {0.0, 0.5, 10.0, 80.0, 203.0, 600.0, 1000.0, 4000.0}) {
    const double level = level_of(tone_mapped(nits / kReferenceWhite));
    const auto expected = static_cast<std::uint8_t>(std::lround(level));
    expect_near(shown(*space, in_pq(nits, nits, nits)), {expected, expected, expected}, 1);
  }
}

// BT.2100, table 5: on a screen with a peak of 1000 cd/m2 the system's gamma is 1.2.
TEST(LightSpace, GreysOfHlgAreToneMapped) {
  const auto space = light_space_of(Cicp{9, 18});
  ASSERT_TRUE(space);
  for (const double value : {0.0, 0.1, 0.5, 0.75, 1.0}) {
    const double nits = 1000 * std::pow(light_of_hlg(value), 1.2);
    const double level = level_of(tone_mapped(nits / kReferenceWhite));
    const auto word = static_cast<std::uint16_t>(std::lround(value * 65535));
    EXPECT_NEAR(shown(*space, Words3{word, word, word})[0], level, 1) << value;
  }
}

// Of a colour inside sRGB the three lights keep their ratios, however bright it is.
TEST(LightSpace, BrightColoursKeepTheirHue) {
  const auto space = light_space_of(Cicp{1, 16});
  ASSERT_TRUE(space);
  const auto light = [](std::uint8_t level) {
    return std::pow((level / 255.0 + 0.055) / 1.055, 2.4);
  };
  for (const double nits : {150.0, 400.0, 900.0, 5000.0}) {
    const Bytes3 pixel = shown(*space, in_pq(nits, nits / 2, nits / 4));
    EXPECT_NEAR(light(pixel[1]) / light(pixel[0]), 0.5, 0.02) << nits;
    EXPECT_NEAR(light(pixel[2]) / light(pixel[0]), 0.25, 0.02) << nits;
  }
}

// What sRGB cannot show: the brightest colour stays the brightest, and none is simply cut off.
TEST(LightSpace, ColoursOutsideSrgbKeepTheirLuminance) {
  const auto space = light_space_of(Cicp{9, 16});
  ASSERT_TRUE(space);
  const auto light = [](std::uint8_t level) {
    return level < 11 ? level / 255.0 / 12.92 : std::pow((level / 255.0 + 0.055) / 1.055, 2.4);
  };
  const Bytes3 red = shown(*space, in_pq(40, 0, 0));
  const double luminance = 0.2126 * light(red[0]) + 0.7152 * light(red[1]) + 0.0722 * light(red[2]);
  EXPECT_NEAR(luminance, 0.2627 * 40 / kReferenceWhite, 0.002);
  EXPECT_GT(red[0], red[1]);
  EXPECT_GT(red[0], red[2]);
}

TEST(LightSpace, AlphaHasNoCurve) {
  const auto space = light_space_of(Cicp{9, 16});
  const std::array<std::uint16_t, 4> grey_and_alpha = {20000, 32896, 0, 65535};
  std::array<std::uint8_t, 4> result{};
  LightConverter(*space, 2, LightConverter::Depth::k16)
      .convert(grey_and_alpha.data(), result.data(), 2);
  EXPECT_EQ(result[1], 128);
  EXPECT_EQ(result[3], 255);
  EXPECT_EQ(result[2], 0);
}

// ICC.1:2022, 9.2.17: a profile of HDR that says so by a tag.
TEST(LightSpace, AProfileMayBeOfPq) {
  const ColourProfile profile(cmsCreate_sRGBProfile());
  const std::string tag = "cicp" + big_endian({0, 0x09100001});
  ASSERT_TRUE(cmsWriteRawTag(profile.get(), static_cast<cmsTagSignature>(0x63696370), tag.data(),
                             static_cast<cmsUInt32Number>(tag.size())));
  const auto space = light_space_of(bytes_of(profile));
  ASSERT_TRUE(space);
  EXPECT_EQ(space->range, Range::kHdr);
}

}  // namespace
}  // namespace imageserver
