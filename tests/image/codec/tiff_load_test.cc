// Each kind of sample that a TIFF may have. What is right was got from TIFF 6.0, from Pillow 10 and
// from ImageMagick 6.9, which agree, but for: ImageMagick ignores kMinIsWhite with few bits and
// beside alpha, and turns signed numbers round; Pillow turns no 16 bits to 8.

#include "image/codec/tiff_load.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/codec/ycbcr_tiff.h"
#include "image/describe.h"
#include "support/pictures.h"
#include "support/tiff_writer.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr Size kSize{16, 16};
constexpr int kPixels = kSize.width * kSize.height;

// Photometric interpretations.
constexpr std::uint32_t kWhite = 0;
constexpr std::uint32_t kBlack = 1;
constexpr std::uint32_t kRgb = 2;
constexpr std::uint32_t kPalette = 3;
constexpr std::uint32_t kSeparated = 5;
constexpr std::uint32_t kYCbCr = 6;
constexpr std::uint32_t kLab = 8;

// Sample formats.
constexpr std::uint32_t kSigned = 2;
constexpr std::uint32_t kFloat = 3;

// Extra samples.
constexpr std::uint32_t kUnspecified = 0;
constexpr std::uint32_t kWeighed = 1;
constexpr std::uint32_t kAlpha = 2;

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

template <class Number>
std::string little(const std::vector<Number>& values) {
  std::string bytes;
  for (const Number value : values) {
    const auto bits = std::bit_cast<std::array<char, sizeof(Number)>>(value);
    bytes.append(bits.data(), bits.size());
  }
  return bytes;
}

template <class Number>
std::string filled(const std::vector<Number>& pixel) {
  return times(kPixels, little(pixel));
}

std::string bytes(const std::vector<std::uint8_t>& pixel) { return filled(pixel); }

// Rows of samples of less than a byte, each row in whole bytes.
std::string packed(unsigned bits, const std::vector<unsigned>& pixel) {
  std::string digits;
  for (int x = 0; x < kSize.width; ++x) {
    for (const unsigned value : pixel) {
      for (unsigned bit = bits; bit-- > 0;) digits.push_back((value >> bit & 1U) != 0 ? '1' : '0');
    }
  }
  while (digits.size() % 8 != 0) digits.push_back('0');
  std::string row;
  for (std::size_t at = 0; at < digits.size(); at += 8)
    row.push_back(static_cast<char>(std::stoi(digits.substr(at, 8), nullptr, 2)));
  return times(kSize.height, row);
}

struct Samples {
  std::uint32_t count = 1;
  std::uint32_t bits = 8;
  std::optional<std::uint32_t> format = {};
  std::vector<std::uint32_t> extras = {};
};

TiffFile page(std::uint32_t colour, const Samples& samples, const std::string& pixels,
              const std::vector<TiffTag>& more = {}) {
  std::vector<TiffTag> tags = {shorts(258, std::vector(samples.count, samples.bits)),
                               shorts(259, {1}), shorts(262, {colour}),
                               shorts(277, {samples.count})};
  if (samples.format) tags.push_back(shorts(339, std::vector(samples.count, *samples.format)));
  if (!samples.extras.empty()) tags.push_back(shorts(338, samples.extras));
  tags.insert(tags.end(), more.begin(), more.end());
  return {.size = kSize, .tags = tags, .blocks = {pixels}};
}

TiffTag planes() { return shorts(284, {2}); }
TiffTag chroma(std::uint32_t across, std::uint32_t down) { return shorts(530, {across, down}); }

// Three runs of equal length: reds, greens, blues.
TiffTag palette(std::size_t colours) {
  std::vector<std::uint32_t> values;
  for (const std::uint32_t level : {200U, 80U, 60U})
    values.insert(values.end(), colours, level * 257);
  return shorts(320, values);
}

using Pixel = std::vector<double>;

Pixel grey(double level) { return {level, level, level}; }
Pixel grey(double level, double alpha) { return {level, level, level, alpha}; }

class TiffTest : public TransformTest {
 protected:
  static Bytes file(const TiffFile& page) { return Bytes::own(write_tiff({page})); }

  // What a pixel is in RGB, and alpha if there is alpha.
  static std::vector<double> pixel_of(const Bytes& source) {
    const ImagePtr image = make(source, as(Format::kPng));
    if (!image) return {};
    const VImage picture = decoded(*image);
    EXPECT_EQ(picture.width(), kSize.width);
    EXPECT_EQ(picture.height(), kSize.height);
    return picture.colourspace(VIPS_INTERPRETATION_sRGB).getpoint(7, 9);
  }

  static std::vector<double> pixel_of(const TiffFile& page) { return pixel_of(file(page)); }

  static std::string refusal(const TiffFile& page) {
    const Error error = error_of(file(page), as(Format::kPng));
    EXPECT_EQ(error.kind, ErrorKind::kUnprocessable);
    return error.message;
  }
};

TEST_F(TiffTest, GreyOfEveryDepthIsRight) {
  EXPECT_EQ(pixel_of(page(kBlack, {1, 1}, packed(1, {1}))), grey(255));
  EXPECT_EQ(pixel_of(page(kWhite, {1, 1}, packed(1, {1}))), grey(0));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 2}, packed(2, {2}))), grey(170));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 4}, packed(4, {9}))), grey(153));
  EXPECT_EQ(pixel_of(page(kWhite, {1, 4}, packed(4, {9}))), grey(102));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 8}, bytes({200}))), grey(200));
  EXPECT_EQ(pixel_of(page(kWhite, {1, 8}, bytes({55}))), grey(200));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 16}, filled<std::uint16_t>({51400}))), grey(200));
  EXPECT_EQ(pixel_of(page(kWhite, {1, 16}, filled<std::uint16_t>({14135}))), grey(200));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 32}, filled<std::uint32_t>({200U << 24U}))), grey(200));
  EXPECT_EQ(pixel_of(page(kWhite, {1, 32}, filled<std::uint32_t>({~(200U << 24U)}))), grey(200));
}

TEST_F(TiffTest, ColoursOfEveryDepthAreRight) {
  const Pixel colour{200, 80, 60};
  EXPECT_EQ(pixel_of(page(kRgb, {3, 8}, bytes({200, 80, 60}))), colour);
  EXPECT_EQ(pixel_of(page(kRgb, {3, 16}, filled<std::uint16_t>({51400, 20560, 15420}))), colour);
  EXPECT_EQ(
      pixel_of(page(kRgb, {3, 32}, filled<std::uint32_t>({200U << 24U, 80U << 24U, 60U << 24U}))),
      colour);
  for (const unsigned bits : {1U, 2U, 4U, 8U})
    EXPECT_EQ(pixel_of(page(kPalette, {1, bits}, packed(bits, {1}), {palette(1U << bits)})), colour)
        << bits;
}

// As ImageMagick has it; beyond that it is cut off.
TEST_F(TiffTest, FloatingPointGreyIsBlackAtZeroAndWhiteAtOne) {
  const auto seen = [](std::uint32_t colour, float value) {
    return pixel_of(page(colour, {1, 32, kFloat}, filled<float>({value})));
  };
  EXPECT_EQ(seen(kBlack, 0.4F), grey(102));
  EXPECT_EQ(seen(kWhite, 0.4F), grey(153));
  EXPECT_EQ(seen(kBlack, 2.5F), grey(255));
  EXPECT_EQ(seen(kBlack, -2.5F), grey(0));
  EXPECT_EQ(seen(kBlack, std::nanf("")), grey(0));
  EXPECT_EQ(pixel_of(page(kBlack, {2, 32, kFloat, {kAlpha}}, filled<float>({0.8F, 0.4F}))),
            grey(204, 102));
}

// 200 of 255 is 51,200 of 65,535 or a little more.
TEST_F(TiffTest, FloatingPointGreyBecomesTheNearestOfSixteenBits) {
  const auto seen = [](float level) {
    return pixel_of(page(kBlack, {1, 32, kFloat}, filled<float>({level / 65535})));
  };
  EXPECT_EQ(seen(51199.8F), grey(200));
  EXPECT_EQ(seen(51199.2F), grey(199));
}

// scRGB, as libvips writes and reads it: by the curve of IEC 61966-2-1, 0.8, 0.4 and 0.2 are 231.0,
// 169.6 and 123.6.
TEST_F(TiffTest, FloatingPointColoursAreInLinearLight) {
  EXPECT_EQ(pixel_of(page(kRgb, {3, 32, kFloat}, filled<float>({0.8F, 0.4F, 0.2F}))),
            (Pixel{231, 170, 124}));
  EXPECT_EQ(pixel_of(page(kRgb, {3, 32, kFloat}, filled<float>({7.0F, -4.0F, 1.0F}))),
            (Pixel{255, 0, 255}));
  const auto with_alpha = [](std::uint32_t kind, const std::vector<float>& values) {
    return pixel_of(page(kRgb, {4, 32, kFloat, {kind}}, filled(values)));
  };
  EXPECT_EQ(with_alpha(kAlpha, {0.8F, 0.4F, 0.2F, 1.0F}), (Pixel{231, 170, 124}));
  EXPECT_EQ(with_alpha(kAlpha, {0.8F, 0.4F, 0.2F, 0.4F}), (Pixel{231, 170, 124, 102}));
  EXPECT_EQ(with_alpha(kWeighed, {0.4F, 0.2F, 0.1F, 0.5F}).at(0), 231);
  EXPECT_NEAR(with_alpha(kWeighed, {0.4F, 0.2F, 0.1F, 0.5F}).at(3), 127.5, 0.5);
  EXPECT_EQ(with_alpha(kUnspecified, {0.8F, 0.4F, 0.2F, 0.5F}), (Pixel{231, 170, 124}));
}

TEST_F(TiffTest, FloatingPointColoursAreInTheSpaceOfTheirProfile) {
  VImage image = (plain(kSize.width, kSize.height, {200, 80, 60}) / 255)
                     .cast(VIPS_FORMAT_FLOAT)
                     .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_scRGB));
  VipsBlob* profile = nullptr;
  ASSERT_EQ(vips_profile_load("srgb", &profile, nullptr), 0);
  const Bytes srgb = to_bytes(profile);
  vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, srgb.data(), srgb.size());
  EXPECT_EQ(pixel_of(to_bytes(image.tiffsave_buffer())), (Pixel{200, 80, 60}));
}

TEST_F(TiffTest, SignedNumbersLieOnTheScaleOfUnsignedOnes) {
  EXPECT_EQ(pixel_of(page(kBlack, {1, 8, kSigned}, filled<std::int8_t>({-100}))), grey(0));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 8, kSigned}, filled<std::int8_t>({100}))), grey(100));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 16, kSigned}, filled<std::int16_t>({-25700}))), grey(0));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 16, kSigned}, filled<std::int16_t>({25700}))), grey(100));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 32, kSigned}, filled<std::int32_t>({100 << 24}))), grey(100));
  EXPECT_EQ(pixel_of(page(kBlack, {1, 32, kSigned}, filled<std::int32_t>({-(100 << 24)}))),
            grey(0));
  EXPECT_EQ(pixel_of(page(kRgb, {3, 8, kSigned}, filled<std::int8_t>({100, -5, 50}))),
            (Pixel{100, 0, 50}));
  EXPECT_EQ(pixel_of(page(kRgb, {3, 16, kSigned}, filled<std::int16_t>({25700, -5, 12850}))),
            (Pixel{100, 0, 50}));
}

TEST_F(TiffTest, OnlyWhatIsAlphaIsAlpha) {
  const Pixel opaque{200, 80, 60};
  const Pixel half{200, 80, 60, 128};
  const auto rgb = [](const std::vector<std::uint32_t>& extras,
                      const std::vector<std::uint8_t>& pixel) {
    const auto samples = static_cast<std::uint32_t>(pixel.size());
    return pixel_of(page(kRgb, {samples, 8, {}, extras}, bytes(pixel)));
  };
  EXPECT_EQ(rgb({kAlpha}, {200, 80, 60, 128}), half);
  EXPECT_EQ(rgb({}, {200, 80, 60, 128}), half) << "the file does not say what it is";
  EXPECT_EQ(rgb({kUnspecified}, {200, 80, 60, 128}), opaque);
  EXPECT_EQ(rgb({kAlpha, kUnspecified}, {200, 80, 60, 128, 9}), half);
  EXPECT_EQ(rgb({kUnspecified, kAlpha}, {200, 80, 60, 9, 128}), half);
  EXPECT_EQ(rgb({kUnspecified, kUnspecified}, {200, 80, 60, 9, 7}), opaque);
  EXPECT_EQ(rgb({kUnspecified}, {200, 80, 60, 9, 7}), opaque) << "one is not told of";
  EXPECT_EQ(rgb({kUnspecified, kAlpha}, {200, 80, 60, 9, 128, 7}), half);
  EXPECT_EQ(pixel_of(page(kRgb, {5, 32, kFloat, {kUnspecified}},
                          filled<float>({0.8F, 0.4F, 0.2F, 0.5F, 0.5F}))),
            (Pixel{231, 170, 124}));
  std::vector<std::uint8_t> seventy(70, 9);
  seventy[0] = 200;
  seventy[1] = 80;
  seventy[2] = 60;
  EXPECT_EQ(rgb(std::vector(67, kUnspecified), seventy), opaque);
  const Pixel weighed = rgb({kWeighed}, {100, 40, 30, 128});
  EXPECT_NEAR(weighed.at(0), 200, 1);
  EXPECT_EQ(weighed.at(3), 128);
  EXPECT_EQ(rgb({kUnspecified, kWeighed}, {100, 40, 30, 9, 128}), weighed);
  EXPECT_EQ(pixel_of(page(kRgb, {4, 16, {}, {kUnspecified}},
                          filled<std::uint16_t>({51400, 20560, 15420, 32896}))),
            opaque);
  EXPECT_EQ(pixel_of(page(kRgb, {4, 16, {}, {kAlpha}},
                          filled<std::uint16_t>({51400, 20560, 15420, 32896}))),
            half);
}

TEST_F(TiffTest, GreyHasExtraSamplesToo) {
  EXPECT_EQ(pixel_of(page(kBlack, {2, 8, {}, {kAlpha}}, bytes({200, 128}))), grey(200, 128));
  EXPECT_EQ(pixel_of(page(kWhite, {2, 8, {}, {kAlpha}}, bytes({55, 128}))), grey(200, 128));
  EXPECT_EQ(pixel_of(page(kBlack, {2, 8, {}, {kUnspecified}}, bytes({200, 128}))), grey(200));
  EXPECT_EQ(pixel_of(page(kBlack, {3, 8, {}, {kUnspecified, kUnspecified}}, bytes({200, 1, 2}))),
            grey(200));
  EXPECT_EQ(pixel_of(page(kBlack, {4, 8, {}, {kUnspecified, kUnspecified, kAlpha}},
                          bytes({200, 1, 2, 128}))),
            grey(200, 128));
  EXPECT_EQ(pixel_of(page(kBlack, {2, 16, {}, {kAlpha}}, filled<std::uint16_t>({51400, 32896}))),
            grey(200, 128));
  EXPECT_EQ(pixel_of(page(kPalette, {2, 8, {}, {kAlpha}}, bytes({1, 128}), {palette(256)})),
            (Pixel{200, 80, 60, 128}));
}

// As a profile makes of CMYK, and not by a formula: the same as a JPEG of these inks.
TEST_F(TiffTest, InksBecomeColours) {
  const Pixel colour = pixel_of(page(kSeparated, {4, 8}, bytes({0, 128, 255, 20})));
  ASSERT_EQ(colour.size(), 3U);
  EXPECT_NEAR(colour.at(0), 225, 12);
  EXPECT_NEAR(colour.at(1), 130, 20);
  EXPECT_LT(colour.at(2), 40);
  EXPECT_EQ(pixel_of(page(kSeparated, {4, 16}, filled<std::uint16_t>({0, 32896, 65535, 5140}))),
            colour);
  EXPECT_EQ(pixel_of(page(kSeparated, {5, 8, {}, {kUnspecified}}, bytes({0, 128, 255, 20, 9}))),
            colour);
  Pixel half = colour;
  half.push_back(128);
  EXPECT_EQ(pixel_of(page(kSeparated, {5, 8, {}, {kAlpha}}, bytes({0, 128, 255, 20, 128}))), half);
}

// L 50, a 40, b -40: (159, 93, 187) by the formulas of CIE 15 and IEC 61966-2-1.
TEST_F(TiffTest, LabBecomesColours) {
  for (const TiffFile& lab : {page(kLab, {3, 8}, bytes({128, 40, 216})),
                              page(kLab, {3, 16}, filled<std::uint16_t>({32768, 10240, 55296})),
                              page(kLab, {3, 32, kFloat}, filled<float>({50, 40, -40}))}) {
    const Pixel colour = pixel_of(lab);
    ASSERT_EQ(colour.size(), 3U);
    EXPECT_NEAR(colour.at(0), 155, 5);
    EXPECT_NEAR(colour.at(1), 93, 4);
    EXPECT_NEAR(colour.at(2), 187, 3);
  }
}

// (200, 80, 60) in luma and chroma of the whole range, by ITU-T T.871.
class LumaTiffTest : public TiffTest {
 protected:
  static constexpr std::uint8_t kY = 114;
  static constexpr std::uint8_t kBlue = 98;
  static constexpr std::uint8_t kRed = 189;

  static TiffTag whole_range() {
    return {532, TiffTag::Type::kRational, {0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1}};
  }

  static void expect_colour(const TiffFile& page) {
    const Pixel colour = pixel_of(page);
    ASSERT_EQ(colour.size(), 3U);
    EXPECT_NEAR(colour.at(0), 200, 2);
    EXPECT_NEAR(colour.at(1), 80, 2);
    EXPECT_NEAR(colour.at(2), 60, 2);
  }

  // The blocks of a strip or tile: luma first, then a sample of each chroma.
  static std::string blocks(std::uint32_t across, std::uint32_t down, int pixels) {
    const auto luma = static_cast<int>(across * down);
    const std::string one = std::string(static_cast<std::size_t>(luma), static_cast<char>(kY)) +
                            static_cast<char>(kBlue) + static_cast<char>(kRed);
    return times(pixels / luma, one);
  }
};

TEST_F(LumaTiffTest, EverySubsamplingIsRight) {
  for (const std::uint32_t across : {1U, 2U, 4U}) {
    for (const std::uint32_t down : {1U, 2U, 4U}) {
      if (down > across) continue;
      SCOPED_TRACE(std::to_string(across) + ":" + std::to_string(down));
      expect_colour(page(kYCbCr, {3, 8}, blocks(across, down, kPixels),
                         {chroma(across, down), whole_range()}));
    }
  }
  expect_colour(page(kYCbCr, {3, 8}, blocks(1, 1, kPixels), {chroma(1, 1)}));
}

TEST_F(LumaTiffTest, StripsTilesAndPlanesAreRight) {
  const std::vector<TiffTag> tags = {chroma(2, 2), whole_range()};
  TiffFile strips = page(kYCbCr, {3, 8}, "", tags);
  strips.blocks = std::vector<std::string>(4, blocks(2, 2, kPixels / 4));
  strips.rows_a_strip = 4;
  expect_colour(strips);
  TiffFile tiles = page(kYCbCr, {3, 8}, blocks(2, 2, kPixels), tags);
  tiles.tile = kSize;
  expect_colour(tiles);
  TiffFile flat = page(kYCbCr, {3, 8}, "", {chroma(1, 1), whole_range(), planes()});
  flat.blocks = {bytes({kY}), bytes({kBlue}), bytes({kRed})};
  expect_colour(flat);
}

// libtiff takes memory for a whole tile, however small the picture is.
TEST_F(LumaTiffTest, ATileMuchLargerThanThePictureIsRefused) {
  TiffFile huge = page(kYCbCr, {3, 8}, blocks(2, 2, kPixels), {chroma(2, 2), whole_range()});
  for (const Size tile : {Size{59'984, 59'984}, Size{4096, 4112}, Size{16, 2'000'000'000}}) {
    huge.tile = tile;
    EXPECT_EQ(refusal(huge),
              "the TIFF has tiles much larger than its picture, which is not "
              "supported");
  }
  huge.tile = Size{1024, 1024};
  huge.blocks = {blocks(2, 2, 1024 * 1024)};
  expect_colour(huge);
}

// libtiff takes more types of numbers for the size of a tile than we do.
TEST_F(LumaTiffTest, ATileWhoseSizeIsSignedIsHeldToTheSame) {
  constexpr auto kSignedLong = static_cast<TiffTag::Type>(9);
  const Bytes huge = file(page(kYCbCr, {3, 8}, blocks(2, 2, kPixels),
                               {chroma(2, 2), whole_range(), TiffTag{322, kSignedLong, {20'000}},
                                TiffTag{323, kSignedLong, {20'000}}}));
  EXPECT_THROW(static_cast<void>(load_ycbcr_tiff(huge.view(), 0)), vips::VError);
}

TEST_F(LumaTiffTest, RowsKeepTheirPlaces) {
  TiffFile strips = page(kYCbCr, {3, 8}, "", {chroma(1, 1), whole_range()});
  strips.blocks.clear();
  for (std::uint8_t row = 0; row < 16; ++row)
    strips.blocks.push_back(
        times(kSize.width, little<std::uint8_t>({static_cast<std::uint8_t>(row * 16), 128, 128})));
  strips.rows_a_strip = 1;
  const VImage picture = decoded(*make(file(strips), as(Format::kPng)));
  for (int y = 0; y < kSize.height; ++y)
    EXPECT_EQ(picture.getpoint(3, y), (Pixel{y * 16.0, y * 16.0, y * 16.0}));
  TransformSpec part = as(Format::kPng);
  part.crop = CropBox{2, 11, 6, 13};
  EXPECT_EQ(decoded(*make(file(strips), part)).getpoint(0, 0).front(), 176);
}

TEST_F(LumaTiffTest, OrientationProfileAndPagesAreKept) {
  TiffFile turned =
      page(kYCbCr, {3, 8}, blocks(1, 1, kPixels), {chroma(1, 1), whole_range(), shorts(274, {6})});
  turned.size = {32, 8};
  const Bytes two = Bytes::own(write_tiff({turned, page(kRgb, {3, 8}, bytes({1, 2, 3}))}));
  const auto facts = describe(two, {}, {});
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->header.orientation, 6);
  EXPECT_EQ(facts->header.pages, 2);
  const VImage upright = decoded(*make(two, as(Format::kPng)));
  EXPECT_EQ(upright.width(), 8);
  TransformSpec second = as(Format::kPng);
  second.page = 1;
  EXPECT_EQ(decoded(*make(two, second)).getpoint(0, 0), (Pixel{1, 2, 3}));
}

TEST_F(LumaTiffTest, PixelsBeyondTheEndAreMissed) {
  TiffFile tall = page(kYCbCr, {3, 8}, blocks(2, 2, 8 * kPixels), {chroma(2, 2), whole_range()});
  tall.size.height *= 8;
  EXPECT_TRUE(transform(file(tall), as(Format::kPng), {}).has_value());
  tall.blocks = {blocks(2, 2, 4 * kPixels)};
  EXPECT_EQ(refusal(tall), "the picture is damaged or incomplete");
}

TEST_F(TiffTest, PlanesTilesByteOrderAndBigTiffAreRight) {
  const Pixel colour{200, 80, 60};
  TiffFile flat = page(kRgb, {5, 8, {}, {kAlpha, kUnspecified}}, "", {planes()});
  flat.blocks = {bytes({200}), bytes({80}), bytes({60}), bytes({128}), bytes({9})};
  EXPECT_EQ(pixel_of(flat), (Pixel{200, 80, 60, 128}));
  TiffFile tiled = page(kRgb, {3, 8}, bytes({200, 80, 60}));
  tiled.tile = kSize;
  EXPECT_EQ(pixel_of(tiled), colour);
  TiffFile deep = page(kRgb, {3, 16}, filled<std::uint16_t>({0xC8C8, 0x5050, 0x3C3C}));
  for (const bool is_little : {true, false}) {
    for (const bool is_big : {true, false}) {
      deep.little = is_little;
      deep.big = is_big;
      EXPECT_EQ(pixel_of(deep), colour) << is_little << is_big;
    }
  }
}

TEST_F(TiffTest, EveryOrientationIsApplied) {
  for (std::uint32_t orientation = 1; orientation <= 8; ++orientation) {
    TiffFile turned = page(kRgb, {3, 8}, "", {shorts(274, {orientation})});
    turned.size = {8, 4};
    turned.blocks = {times(8 * 4, std::string("\x0A\x14\x1E", 3))};
    turned.blocks.front().replace(0, 3, "\xC8\x50\x3C");
    const VImage picture = decoded(*make(file(turned), as(Format::kPng)));
    const bool swaps = orientation >= 5;
    EXPECT_EQ(picture.width(), swaps ? 4 : 8);
    // Where the first pixel that is stored is seen: TIFF 6.0, Orientation.
    const bool right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    const bool below = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    EXPECT_EQ(picture.getpoint(right ? picture.width() - 1 : 0, below ? picture.height() - 1 : 0),
              (Pixel{200, 80, 60}))
        << orientation;
  }
}

TEST_F(TiffTest, WhatIsNotSupportedIsSaid) {
  const auto grey = [](std::uint32_t bits, const std::string& pixels,
                       std::optional<std::uint32_t> format = {}) {
    return refusal(page(kBlack, {1, bits, format}, pixels));
  };
  EXPECT_EQ(grey(12, packed(12, {3200})),
            "the TIFF has 12 bits a sample, which is not supported for its colours");
  EXPECT_EQ(grey(64, filled<std::uint64_t>({1})),
            "the TIFF has 64 bits a sample, which is not supported for its colours");
  EXPECT_EQ(grey(64, filled<double>({0.5}), kFloat),
            "the TIFF has 64 bits a sample, which is not supported for its colours");
  EXPECT_EQ(grey(16, filled<std::uint16_t>({0x3800}), kFloat),
            "the TIFF has floating-point numbers of 16 bits, which is not supported");
  EXPECT_EQ(grey(32, filled<std::uint32_t>({5}), 5),
            "the TIFF has samples of a kind that is not supported (sample format 5)");
  EXPECT_EQ(refusal(page(kRgb, {3, 4}, packed(4, {12, 5, 3}))),
            "the TIFF has 4 bits a sample, which is not supported for its colours");
  EXPECT_EQ(refusal(page(kSeparated, {4, 8}, bytes({1, 2, 3, 4}), {shorts(332, {2})})),
            "the TIFF has inks that are not CMYK, which is not supported");
  EXPECT_EQ(refusal(page(kSeparated, {3, 8}, bytes({1, 2, 3}))),
            "the TIFF has fewer samples a pixel than its colours need");
  EXPECT_EQ(refusal(page(kLab, {4, 8, {}, {kAlpha}}, bytes({128, 40, 216, 128}))),
            "the TIFF has samples beside CIELAB, which is not supported");
  EXPECT_EQ(refusal(page(kYCbCr, {4, 8, {}, {kAlpha}}, bytes({1, 2, 3, 4}), {chroma(1, 1)})),
            "the TIFF has samples beside YCbCr, which is not supported");
  for (const std::uint32_t colour : {4U, 9U, 10U, 32803U, 34892U, 99U})
    EXPECT_EQ(refusal(page(colour, {1, 8}, bytes({200}))),
              "the TIFF has colours of a kind that is not supported (photometric interpretation " +
                  std::to_string(colour) + ")");
  TiffFile tiles = page(kRgb, {3, 8}, "", {planes()});
  tiles.blocks = {bytes({200}), bytes({80}), bytes({60})};
  tiles.tile = kSize;
  EXPECT_EQ(refusal(tiles), "the TIFF has tiles of separate planes, which is not supported");
}

TEST_F(TiffTest, OnlyThePageThatIsAskedForNeedsToBeSupported) {
  const Bytes two = Bytes::own(
      write_tiff({page(kRgb, {3, 8}, bytes({200, 80, 60})), page(32803, {1, 8}, bytes({200}))}));
  EXPECT_EQ(pixel_of(two), (Pixel{200, 80, 60}));
  TransformSpec second = as(Format::kPng);
  second.page = 1;
  EXPECT_EQ(error_of(two, second).message,
            "the TIFF has colours of a kind that is not supported (photometric interpretation "
            "32803)");
  second.page = 2;
  EXPECT_EQ(error_of(two, second).kind, ErrorKind::kInvalidParam);
}

}  // namespace
}  // namespace imageserver
