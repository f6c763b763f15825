#include "image/codec/bmp.h"
#include "formats/bmp_header.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace imageserver {
namespace {

std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, value >>= 8U) text.push_back(static_cast<char>(value & 0xFFU));
  return text;
}

std::string bytes(std::initializer_list<unsigned> values) {
  std::string text;
  for (const unsigned value : values) text.push_back(static_cast<char>(value));
  return text;
}

// Blue, green, red and nothing, as palettes have them.
std::string quad(unsigned red, unsigned green, unsigned blue) {
  return bytes({blue, green, red, 0});
}

constexpr std::uint32_t kRgb = 0;
constexpr std::uint32_t kRle8 = 1;
constexpr std::uint32_t kRle4 = 2;
constexpr std::uint32_t kBitfields = 3;
constexpr std::uint32_t kAlphaBitfields = 6;

// A file, field by field; what is not said is as in the simplest one.
struct File {
  std::uint32_t header = 40;
  std::int32_t width = 1;
  std::int32_t height = 1;
  std::uint32_t planes = 1;
  std::uint32_t depth = 24;
  std::uint32_t compression = kRgb;
  std::uint32_t colours = 0;
  std::vector<std::uint32_t> masks = {};
  std::string palette = {};
  std::string gap = {};
  std::string pixels = {};
};

std::string bitmap_header(const File& file) {
  const auto width = static_cast<std::uint32_t>(file.width);
  const auto height = static_cast<std::uint32_t>(file.height);
  std::string text = number(file.header, 4);
  const int side = file.header == 12 ? 2 : 4;
  text +=
      number(width, side) + number(height, side) + number(file.planes, 2) + number(file.depth, 2);
  if (file.header <= 16) return text;
  text += number(file.compression, 4) + number(0, 12) + number(file.colours, 4) + number(0, 4);
  for (const std::uint32_t mask : file.masks) text += number(mask, 4);
  if (text.size() < file.header) text.resize(file.header, '\0');
  return text;
}

std::string written(const File& file) {
  const std::string before = bitmap_header(file) + file.palette + file.gap;
  const auto pixels_at = static_cast<std::uint32_t>(14 + before.size());
  return "BM" + number(0, 8) + number(pixels_at, 4) + before + file.pixels;
}

class Bmp : public testing::Test {
 protected:
  // REQUIRES: it is a bitmap.
  static Raster read(const File& file) { return decode_bmp(written(file)).value(); }

  static std::vector<int> pixels(const File& file) {
    const Raster raster = read(file);
    return {raster.pixels.begin(), raster.pixels.end()};
  }

  static bool refuses(const File& file) { return refuses(written(file)); }

  static bool refuses(const std::string& file) {
    const auto raster = decode_bmp(file);
    return raster.has_error() && raster.error().kind == ErrorKind::kUnprocessable;
  }

  // Without a look at the pixels.
  static bool refuses_by_header(const File& file) {
    const auto size = bmp_size(written(file));
    return size.has_error() && size.error().kind == ErrorKind::kUnprocessable && refuses(file);
  }
};

using Ints = std::vector<int>;

// The places in a palette of greys 0, 1, 2, ... that the pixels have: what RLE and indices say.
Ints grey_places(const Raster& raster) {
  Ints places;
  for (std::size_t i = 0; i < raster.pixels.size(); i += 3) places.push_back(raster.pixels[i]);
  return places;
}

std::string greys(unsigned count) {
  std::string palette;
  for (unsigned i = 0; i < count; ++i) palette += quad(i, i, i);
  return palette;
}

TEST_F(Bmp, IsKnownByItsNameAndTheSizeOfItsHeader) {
  for (const std::uint32_t header : {12U, 16U, 40U, 52U, 56U, 64U, 108U, 124U})
    EXPECT_TRUE(is_bmp("BM" + std::string(12, '\0') + number(header, 4))) << header;
  for (const std::uint32_t header : {0U, 13U, 17U, 66U, 125U, 0xFFFFFFFFU})
    EXPECT_FALSE(is_bmp("BM" + std::string(12, '\0') + number(header, 4))) << header;
  EXPECT_FALSE(is_bmp("MB" + std::string(12, '\0') + number(40, 4)));
  EXPECT_FALSE(is_bmp("BM" + std::string(12, '\0') + number(40, 3)));
  EXPECT_FALSE(is_bmp(""));
}

TEST_F(Bmp, SaysItsSize) {
  EXPECT_EQ(bmp_size(written({.width = 2, .height = 3, .pixels = std::string(24, '\0')})).value(),
            (Size{2, 3}));
  EXPECT_EQ(bmp_size(written({.width = 2, .height = -3, .pixels = std::string(24, '\0')})).value(),
            (Size{2, 3}));
}

TEST_F(Bmp, TheSizesOfFileAndPixelsInItsHeaderDoNotCount) {
  std::string file = written({.pixels = bytes({1, 2, 3, 0})});
  file.replace(2, 4, number(0xFFFFFFFF, 4));
  file.replace(34, 4, number(0xFFFFFFFF, 4));
  EXPECT_TRUE(decode_bmp(file).has_value());
}

TEST_F(Bmp, OneBitAPixelIsRead) {
  EXPECT_EQ(pixels({.width = 10,
                    .depth = 1,
                    .palette = quad(1, 2, 3) + quad(4, 5, 6),
                    .pixels = bytes({0b10000000, 0b01000000, 0, 0})}),
            (Ints{4, 5, 6, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3,
                  1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6}));
}

TEST_F(Bmp, FourBitsAPixelAreRead) {
  EXPECT_EQ(
      grey_places(read(
          {.width = 3, .depth = 4, .palette = greys(16), .pixels = bytes({0x1F, 0x20, 0, 0})})),
      (Ints{1, 15, 2}));
}

TEST_F(Bmp, EightBitsAPixelAreRead) {
  EXPECT_EQ(grey_places(read({.width = 5,
                              .depth = 8,
                              .palette = greys(256),
                              .pixels = bytes({255, 0, 7, 128, 9, 0, 0, 0})})),
            (Ints{255, 0, 7, 128, 9}));
}

TEST_F(Bmp, SixteenBitsAPixelHoldFiveBitsOfEachColour) {
  EXPECT_EQ(pixels({.width = 4,
                    .depth = 16,
                    .pixels = number(0x7FFF, 2) + number(0x7C00, 2) + number(0x0200, 2) +
                              number(0x8001, 2)}),
            (Ints{255, 255, 255, 255, 0, 0, 0, 132, 0, 0, 0, 8}));
}

TEST_F(Bmp, TwentyFourBitsAPixelAreRead) {
  EXPECT_EQ(pixels({.width = 2, .pixels = bytes({3, 2, 1, 6, 5, 4, 0, 0})}),
            (Ints{1, 2, 3, 4, 5, 6}));
}

TEST_F(Bmp, TheLastEightOfThirtyTwoBitsAreIgnored) {
  EXPECT_EQ(pixels({.width = 2, .depth = 32, .pixels = bytes({3, 2, 1, 0, 6, 5, 4, 99})}),
            (Ints{1, 2, 3, 4, 5, 6}));
}

TEST_F(Bmp, Os2HasShortFieldsAndAPaletteOfThreeBytes) {
  EXPECT_EQ(pixels({.header = 12, .pixels = bytes({3, 2, 1})}), (Ints{1, 2, 3}));
  EXPECT_EQ(pixels({.header = 12,
                    .width = 2,
                    .depth = 1,
                    .palette = bytes({3, 2, 1, 6, 5, 4}),
                    .pixels = bytes({0b01000000, 0, 0, 0})}),
            (Ints{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(refuses_by_header({.header = 12, .depth = 16, .pixels = number(0, 4)}));
  EXPECT_TRUE(refuses_by_header({.header = 12, .depth = 32, .pixels = number(0, 4)}));
}

// The shorter form of OS/2 2: sides of 4 bytes, colours of 4, and nothing behind the depth.
TEST_F(Bmp, Os2MayLeaveOutWhatIsZero) {
  EXPECT_EQ(pixels({.header = 16, .pixels = bytes({3, 2, 1})}), (Ints{1, 2, 3}));
  EXPECT_EQ(pixels({.header = 16,
                    .width = 2,
                    .depth = 1,
                    .palette = quad(1, 2, 3) + quad(4, 5, 6),
                    .pixels = bytes({0b01000000, 0, 0, 0})}),
            (Ints{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(pixels({.header = 16,
                    .width = 2,
                    .height = 2,
                    .depth = 8,
                    .palette = greys(256),
                    .pixels = bytes({30, 40, 0, 0, 10, 20, 0, 0})}),
            (Ints{10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40}));
  EXPECT_TRUE(refuses_by_header({.header = 16, .depth = 16, .pixels = number(0, 4)}));
  EXPECT_TRUE(refuses_by_header({.header = 16, .depth = 32, .pixels = number(0, 4)}));
}

TEST_F(Bmp, EveryLongHeaderIsRead) {
  for (const std::uint32_t header : {40U, 52U, 56U, 64U, 108U, 124U})
    EXPECT_EQ(pixels({.header = header, .pixels = bytes({3, 2, 1})}), (Ints{1, 2, 3})) << header;
}

TEST_F(Bmp, OtherDepthsAreRefused) {
  for (const std::uint32_t depth : {0U, 2U, 3U, 15U, 31U, 64U, 30000U})
    EXPECT_TRUE(refuses_by_header({.depth = depth, .pixels = std::string(64, '\0')})) << depth;
}

TEST_F(Bmp, OtherNumbersOfPlanesAreRefused) {
  EXPECT_TRUE(refuses_by_header({.planes = 0, .pixels = number(0, 4)}));
  EXPECT_TRUE(refuses_by_header({.planes = 2, .pixels = number(0, 4)}));
}

TEST_F(Bmp, RowsGoFromTheBottomUp) {
  EXPECT_EQ(pixels({.height = 2, .pixels = bytes({3, 2, 1, 0, 6, 5, 4, 0})}),
            (Ints{4, 5, 6, 1, 2, 3}));
}

TEST_F(Bmp, ANegativeHeightIsFromTheTopDown) {
  EXPECT_EQ(pixels({.height = -2, .pixels = bytes({3, 2, 1, 0, 6, 5, 4, 0})}),
            (Ints{1, 2, 3, 4, 5, 6}));
}

TEST_F(Bmp, TheLastRowNeedsNoPadding) {
  EXPECT_EQ(pixels({.height = -2, .pixels = bytes({3, 2, 1, 0, 6, 5, 4})}),
            (Ints{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(refuses_by_header({.height = -2, .pixels = bytes({3, 2, 1, 0, 6, 5})}));
}

TEST_F(Bmp, PixelsBeginWhereTheFileSays) {
  EXPECT_EQ(pixels({.gap = "and more", .pixels = bytes({3, 2, 1})}), (Ints{1, 2, 3}));
  std::string file = written({.pixels = bytes({3, 2, 1})});
  for (const std::uint32_t at : {0U, 53U, 55U, 0xFFFFFFFFU})
    EXPECT_TRUE(refuses(std::string(file).replace(10, 4, number(at, 4)))) << at;
}

TEST_F(Bmp, AnIndexBehindThePaletteIsBlack) {
  EXPECT_EQ(pixels({.width = 2,
                    .depth = 1,
                    .colours = 1,
                    .palette = quad(1, 2, 3),
                    .pixels = bytes({0b01000000, 0, 0, 0})}),
            (Ints{1, 2, 3, 0, 0, 0}));
}

TEST_F(Bmp, ThePaletteEndsWhereThePixelsBegin) {
  EXPECT_EQ(
      pixels({.width = 2, .depth = 8, .palette = quad(1, 2, 3), .pixels = bytes({0, 1, 0, 0})}),
      (Ints{1, 2, 3, 0, 0, 0}));
}

TEST_F(Bmp, APaletteMayBeLargerThanTheDepthNeeds) {
  EXPECT_EQ(grey_places(read({.width = 2,
                              .depth = 1,
                              .colours = 300,
                              .palette = greys(300),
                              .pixels = bytes({0b01000000, 0, 0, 0})})),
            (Ints{0, 1}));
}

TEST_F(Bmp, APaletteBesideTrueColourIsIgnored) {
  EXPECT_EQ(pixels({.colours = 300, .palette = greys(300), .pixels = bytes({3, 2, 1})}),
            (Ints{1, 2, 3}));
}

TEST_F(Bmp, APaletteLiesInsideTheFile) {
  EXPECT_TRUE(refuses_by_header(
      {.depth = 8, .colours = 0xFFFFFFFF, .palette = greys(256), .pixels = number(0, 4)}));
  EXPECT_TRUE(
      refuses_by_header({.depth = 8, .colours = 3, .palette = greys(1), .pixels = number(0, 4)}));
  EXPECT_TRUE(refuses_by_header({.depth = 8, .pixels = std::string(2000, '\0')}));
}

TEST_F(Bmp, MasksDivideSixteenBits) {
  EXPECT_EQ(pixels({.width = 4,
                    .depth = 16,
                    .compression = kBitfields,
                    .masks = {0xF800, 0x07E0, 0x001F},
                    .pixels = number(0xFFFF, 2) + number(0x8000, 2) + number(0x0400, 2) +
                              number(0x0010, 2)}),
            (Ints{255, 255, 255, 132, 0, 0, 0, 130, 0, 0, 0, 132}));
}

TEST_F(Bmp, ColoursOfFewBitsAreScaledAndNotShifted) {
  EXPECT_EQ(pixels({.width = 2,
                    .depth = 16,
                    .compression = kBitfields,
                    .masks = {0x0030, 0x000E, 0x0001},
                    .pixels = number(0x003F, 2) + number(0x0012, 2)}),
            (Ints{255, 255, 255, 85, 36, 0}));
}

TEST_F(Bmp, ColoursOfManyBitsAreScaledAndNotCut) {
  EXPECT_EQ(pixels({.width = 2,
                    .depth = 32,
                    .compression = kBitfields,
                    .masks = {0xFFE00000, 0x001FFC00, 0x000003FF},
                    .pixels = number(0xFFFFFFFF, 4) + number(0x00400000 | 5U << 10U | 3, 4)}),
            (Ints{255, 255, 255, 0, 1, 1}));
  // 5 of 2047 are 0.62 of 255, 3 of 1023 are 0.75, 2 of 2047 are 0.25.
}

TEST_F(Bmp, MasksStandInAnyOrder) {
  for (const std::uint32_t header : {40U, 52U, 56U, 108U, 124U}) {
    EXPECT_EQ(pixels({.header = header,
                      .depth = 32,
                      .compression = kBitfields,
                      .masks = {0x0000FF00, 0x00FF0000, 0xFF000000},
                      .pixels = bytes({9, 1, 2, 3})}),
              (Ints{1, 2, 3}))
        << header;
  }
}

TEST_F(Bmp, AMaskForAlphaMakesItRgba) {
  for (const std::uint32_t header : {56U, 108U, 124U}) {
    const File file{.header = header,
                    .width = 2,
                    .depth = 32,
                    .compression = kBitfields,
                    .masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000},
                    .pixels = bytes({1, 2, 3, 0, 4, 5, 6, 255})};
    EXPECT_EQ(read(file).bands, 4);
    EXPECT_EQ(pixels(file), (Ints{1, 2, 3, 0, 4, 5, 6, 255})) << header;
  }
}

TEST_F(Bmp, AlphaBitfieldsHaveAFourthMaskBehindAShortHeader) {
  for (const std::uint32_t header : {40U, 52U}) {
    EXPECT_EQ(pixels({.header = header,
                      .width = 2,
                      .depth = 16,
                      .compression = kAlphaBitfields,
                      .masks = {0x0F00, 0x00F0, 0x000F, 0xF000},
                      .pixels = number(0x1234, 2) + number(0xFEDC, 2)}),
              (Ints{34, 51, 68, 17, 238, 221, 204, 255}))
        << header;
  }
}

TEST_F(Bmp, WithoutBitfieldsOnlyAlphaInTheFourthByteIsBelieved) {
  File file{.header = 108,
            .depth = 32,
            .masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000},
            .pixels = bytes({3, 2, 1, 9})};
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3, 9}));
  file.masks[3] = 0x00FF0000;
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3}));
  file.header = 64;
  file.masks[3] = 0xFF000000;
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3}));
}

TEST_F(Bmp, AlphaThatIsZeroOrOpaqueEverywhereIsIgnored) {
  File file{.header = 108,
            .width = 2,
            .depth = 32,
            .compression = kBitfields,
            .masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000},
            .pixels = bytes({1, 2, 3, 0, 4, 5, 6, 0})};
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3, 4, 5, 6}));
  file.pixels = bytes({1, 2, 3, 255, 4, 5, 6, 255});
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3, 4, 5, 6}));
  file.pixels = bytes({1, 2, 3, 1, 4, 5, 6, 1});
  EXPECT_EQ(pixels(file), (Ints{1, 2, 3, 1, 4, 5, 6, 1}));
}

TEST_F(Bmp, MasksWithGapsOrOverlapsAndMissingMasksAreRefused) {
  const auto with = [](std::vector<std::uint32_t> masks, std::uint32_t depth = 32) {
    return File{.header = 56,
                .depth = depth,
                .compression = kBitfields,
                .masks = std::move(masks),
                .pixels = number(0, 4)};
  };
  EXPECT_FALSE(refuses(with({0xFF0000, 0xFF00, 0xFF, 0})));
  EXPECT_TRUE(refuses_by_header(with({0xFF0000, 0xFF00, 0, 0})));
  EXPECT_TRUE(refuses_by_header(with({0xFD0000, 0xFF00, 0xFF, 0})));
  EXPECT_TRUE(refuses_by_header(with({0xFF0000, 0xFF00, 0x1FF, 0})));
  EXPECT_TRUE(refuses_by_header(with({0xFF0000, 0xFF00, 0xFF, 0xFF})));
  EXPECT_TRUE(refuses_by_header(with({0xFF0000, 0xFF00, 0xFF, 0x05000000})));
  EXPECT_TRUE(refuses_by_header(with({0xF0000, 0xF0, 0xF, 0}, 16)));
}

TEST_F(Bmp, CompressionsThatDoNotFitTheDepthAreRefused) {
  const auto with = [](std::uint32_t compression, std::uint32_t depth, std::uint32_t header = 40) {
    return File{.header = header,
                .depth = depth,
                .compression = compression,
                .masks = {0x7C00, 0x3E0, 0x1F, 0},
                .palette = greys(256),
                .pixels = bytes({0, 1, 0, 0})};
  };
  for (const std::uint32_t depth : {1U, 4U, 16U, 24U, 32U})
    EXPECT_TRUE(refuses_by_header(with(kRle8, depth))) << depth;
  for (const std::uint32_t depth : {1U, 8U, 16U, 24U, 32U})
    EXPECT_TRUE(refuses_by_header(with(kRle4, depth))) << depth;
  for (const std::uint32_t depth : {1U, 4U, 8U, 24U}) {
    EXPECT_TRUE(refuses_by_header(with(kBitfields, depth))) << depth;
    EXPECT_TRUE(refuses_by_header(with(kAlphaBitfields, depth))) << depth;
  }
  for (const std::uint32_t compression : {4U, 5U, 7U, 11U, 0xFFFFFFFFU})
    EXPECT_TRUE(refuses_by_header(with(compression, 8))) << compression;
  EXPECT_TRUE(refuses_by_header(with(kBitfields, 16, 64)));
}

class BmpRle : public Bmp {
 protected:
  static File with(std::int32_t width, std::int32_t height, std::string codes) {
    return {.width = width,
            .height = height,
            .depth = 8,
            .compression = kRle8,
            .palette = greys(256),
            .pixels = std::move(codes)};
  }

  static File with4(std::int32_t width, std::int32_t height, std::string codes) {
    File file = with(width, height, std::move(codes));
    file.depth = 4;
    file.compression = kRle4;
    return file;
  }

  static Ints places(const File& file) { return grey_places(read(file)); }
};

TEST_F(BmpRle, RunsAndEndsOfRows) {
  EXPECT_EQ(places(with(3, 2, bytes({3, 7, 0, 0, 1, 8, 2, 9, 0, 1}))), (Ints{8, 9, 9, 7, 7, 7}));
}

TEST_F(BmpRle, LiteralPixelsArePaddedToWholeWords) {
  EXPECT_EQ(places(with(4, 1, bytes({0, 3, 5, 6, 7, 99, 1, 8, 0, 1}))), (Ints{5, 6, 7, 8}));
  EXPECT_EQ(places(with(5, 1, bytes({0, 4, 5, 6, 7, 8, 1, 9, 0, 1}))), (Ints{5, 6, 7, 8, 9}));
}

TEST_F(BmpRle, TheFirstPixelOfAByteIsItsUpperFourBits) {
  EXPECT_EQ(places(with4(9, 1, bytes({5, 0x12, 0, 3, 0x34, 0x50, 1, 0x67, 0, 1}))),
            (Ints{1, 2, 1, 2, 1, 3, 4, 5, 6}));
}

TEST_F(BmpRle, LiteralPixelsOfFourBitsArePaddedToWholeWords) {
  EXPECT_EQ(places(with4(6, 1, bytes({0, 5, 0x12, 0x34, 0x50, 99, 1, 0x60, 0, 1}))),
            (Ints{1, 2, 3, 4, 5, 6}));
}

TEST_F(BmpRle, SkippedPixelsHaveTheFirstColour) {
  File file = with(3, 3, bytes({1, 2, 0, 2, 1, 1, 1, 3, 0, 1}));
  file.palette = quad(40, 50, 60) + greys(256).substr(4);
  const Raster raster = read(file);
  EXPECT_EQ(grey_places(raster), (Ints{40, 40, 40, 40, 40, 3, 2, 40, 40}));
  EXPECT_EQ(raster.pixels[2], 60);
}

TEST_F(BmpRle, MayGoFromTheTopDown) {
  EXPECT_EQ(places(with(2, -2, bytes({2, 1, 0, 0, 2, 2, 0, 1}))), (Ints{1, 1, 2, 2}));
}

TEST_F(BmpRle, PixelsBeyondTheEndOfARowAreDropped) {
  EXPECT_EQ(places(with(2, 2, bytes({255, 1, 0, 0, 0, 3, 2, 3, 4, 0, 0, 1}))), (Ints{2, 3, 1, 1}));
  EXPECT_EQ(places(with(2, 1, bytes({0, 2, 255, 0, 1, 9, 0, 1}))), (Ints{0, 0}));
}

TEST_F(BmpRle, NothingGoesBelowTheLastRow) {
  EXPECT_TRUE(refuses(with(1, 1, bytes({0, 0, 1, 1, 0, 1}))));
  EXPECT_TRUE(refuses(with(1, 1, bytes({0, 0, 0, 0, 0, 1}))));
  EXPECT_TRUE(refuses(with(1, 1, bytes({0, 2, 0, 2, 0, 1}))));
  EXPECT_TRUE(refuses(with(1, 1, bytes({0, 0, 0, 3, 1, 1, 1, 0, 0, 1}))));
}

TEST_F(BmpRle, AWholePictureNeedsNoEndCode) {
  EXPECT_EQ(places(with(2, 1, bytes({2, 1}))), (Ints{1, 1}));
  EXPECT_EQ(places(with(2, 1, bytes({1, 1, 0, 0}))), (Ints{1, 0}));
  EXPECT_EQ(places(with(3, 1, bytes({0, 3, 1, 2, 3}))), (Ints{1, 2, 3}));
}

TEST_F(BmpRle, APictureThatIsNotWholeIsRefusedWithoutAnEndCode) {
  EXPECT_TRUE(refuses(with(2, 1, "")));
  EXPECT_TRUE(refuses(with(2, 1, bytes({1, 1}))));
  EXPECT_TRUE(refuses(with(2, 1, bytes({1, 1, 1}))));
  EXPECT_TRUE(refuses(with(2, 2, bytes({2, 1}))));
  EXPECT_TRUE(refuses(with(3, 1, bytes({0, 3, 1, 2}))));
  EXPECT_TRUE(refuses(with(2, 1, bytes({0, 2, 1}))));
}

TEST_F(BmpRle, AnEndCodeMayComeEarly) {
  EXPECT_EQ(places(with(2, 2, bytes({1, 5, 0, 1, 99, 99}))), (Ints{0, 0, 5, 0}));
}

TEST_F(Bmp, SidesAreOneTo65535) {
  for (const std::int32_t side : {0, -1, 65536, INT32_MAX, INT32_MIN})
    EXPECT_TRUE(refuses_by_header({.width = side, .pixels = number(0, 4)})) << side;
  for (const std::int32_t side : {0, 65536, -65536, INT32_MAX, INT32_MIN})
    EXPECT_TRUE(refuses_by_header({.height = side, .pixels = number(0, 4)})) << side;
  EXPECT_EQ(
      read({.width = 65535, .depth = 1, .palette = greys(2), .pixels = std::string(8192, '\0')})
          .size,
      (Size{65535, 1}));
}

TEST_F(Bmp, ALargePictureInASmallFileIsRefusedByItsHeader) {
  EXPECT_TRUE(refuses_by_header({.width = 65535, .height = 65535, .pixels = number(0, 4)}));
  EXPECT_TRUE(refuses_by_header({.width = 65535,
                                 .height = -65535,
                                 .depth = 1,
                                 .palette = greys(2),
                                 .pixels = std::string(8192, '\0')}));
}

std::vector<File> one_of_each() {
  const std::vector<std::uint32_t> masks = {0xF800, 0x07E0, 0x001F};
  return {
      {.width = 9, .depth = 1, .palette = greys(2), .pixels = bytes({0xA5, 0x80, 0, 0})},
      {.width = 3, .depth = 4, .palette = greys(16), .pixels = bytes({0x12, 0x30, 0, 0})},
      {.width = 3, .depth = 8, .palette = greys(4), .pixels = bytes({1, 2, 3, 0})},
      {.width = 2, .depth = 16, .pixels = bytes({1, 2, 3, 4})},
      {.depth = 24, .pixels = bytes({1, 2, 3, 0})},
      {.depth = 32, .pixels = bytes({1, 2, 3, 4})},
      {.header = 12, .width = 2, .depth = 1, .palette = "abcdef", .pixels = bytes({9, 0, 0, 0})},
      {.depth = 16, .compression = kBitfields, .masks = masks, .pixels = bytes({1, 2, 0, 0})},
      {.header = 124,
       .depth = 32,
       .compression = kBitfields,
       .masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000},
       .pixels = bytes({1, 2, 3, 4})},
      {.width = 3,
       .height = 2,
       .depth = 8,
       .compression = kRle8,
       .palette = greys(4),
       .pixels = bytes({3, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 0, 0, 0, 1})},
      {.width = 3,
       .height = 2,
       .depth = 4,
       .compression = kRle4,
       .palette = greys(16),
       .pixels = bytes({3, 0x12, 0, 0, 0, 3, 0x12, 0x30, 0, 2, 0, 0, 0, 1})},
  };
}

void expect_sound_or_refused(const std::string& file) {
  // What a caller does first, and why.
  const auto size = bmp_size(file);
  const bool small = size.has_value() && size->width * std::int64_t{size->height} <= 1'000'000;
  if (size.has_value() && !small) return;
  const auto raster = decode_bmp(file);
  if (raster.has_error()) {
    EXPECT_EQ(raster.error().kind, ErrorKind::kUnprocessable);
    return;
  }
  ASSERT_TRUE(size.has_value());
  EXPECT_EQ(raster->size, *size);
  EXPECT_EQ(static_cast<std::int64_t>(raster->pixels.size()),
            std::int64_t{size->width} * size->height * raster->bands);
}

TEST_F(Bmp, CutOffAnywhereIsRefused) {
  for (const File& file : one_of_each()) {
    const std::string whole = written(file);
    const bool rle = file.compression == kRle4 || file.compression == kRle8;
    const std::size_t row = rle ? 0 : (static_cast<unsigned>(file.width) * file.depth + 7) / 8;
    const std::size_t needed = whole.size() - file.pixels.size() + row;
    EXPECT_TRUE(decode_bmp(whole).has_value()) << file.depth;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      expect_sound_or_refused(whole.substr(0, size));
      if (size < needed) {
        EXPECT_TRUE(refuses(whole.substr(0, size))) << file.depth << " " << size;
      }
    }
  }
}

TEST_F(Bmp, NoByteOfItCanDoHarm) {
  for (const File& file : one_of_each()) {
    const std::string whole = written(file);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const unsigned change : {0x01U, 0x02U, 0x10U, 0x80U, 0xFFU}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
        expect_sound_or_refused(changed);
      }
    }
  }
}

Raster noise(Size size, int bands) {
  const std::size_t area =
      static_cast<std::size_t>(size.width) * static_cast<unsigned>(size.height);
  Raster raster{size, bands, std::vector<std::uint8_t>(area * static_cast<unsigned>(bands))};
  std::uint32_t state = 12345 + static_cast<std::uint32_t>(size.width * 64 + size.height);
  for (std::uint8_t& value : raster.pixels) {
    state = state * 1664525 + 1013904223;
    value = static_cast<std::uint8_t>(state >> 24U);
  }
  // Where there is one pixel alone, its alpha must not be one that is taken for none.
  if (bands % 2 == 0) raster.pixels[static_cast<unsigned>(bands) - 1] = 77;
  return raster;
}

Raster as_colour(const Raster& raster) {
  if (raster.bands >= 3) return raster;
  Raster colour{raster.size, raster.bands + 2, {}};
  const auto bands = static_cast<std::size_t>(raster.bands);
  for (std::size_t at = 0; at < raster.pixels.size(); at += bands) {
    colour.pixels.insert(colour.pixels.end(), 3, raster.pixels[at]);
    if (bands == 2) colour.pixels.push_back(raster.pixels[at + 1]);
  }
  return colour;
}

TEST_F(Bmp, WhatIsWrittenIsReadAgain) {
  for (int bands = 1; bands <= 4; ++bands) {
    for (int width = 1; width <= 17; ++width) {
      for (int height = 1; height <= 5; ++height) {
        const Raster raster = noise({width, height}, bands);
        const Bytes file = encode_bmp(view(raster));
        EXPECT_EQ(bmp_size(file.view()).value(), raster.size);
        EXPECT_EQ(decode_bmp(file.view()).value(), as_colour(raster))
            << width << "x" << height << "x" << bands;
      }
    }
  }
}

TEST_F(Bmp, IsWrittenByteForByte) {
  const Raster rgb{{1, 2}, 3, {1, 2, 3, 4, 5, 6}};
  const std::string info = number(40, 4) + number(1, 4) + number(2, 4) + number(1, 2) +
                           number(24, 2) + number(0, 4) + number(8, 4) + number(2835, 4) +
                           number(2835, 4) + number(0, 8);
  EXPECT_EQ(encode_bmp(view(rgb)).view(), "BM" + number(62, 4) + number(0, 4) + number(54, 4) +
                                              info + bytes({6, 5, 4, 0, 3, 2, 1, 0}));
  const Raster rgba{{1, 1}, 4, {1, 2, 3, 4}};
  const std::string v4 = number(108, 4) + number(1, 4) + number(1, 4) + number(1, 2) +
                         number(32, 2) + number(3, 4) + number(4, 4) + number(2835, 4) +
                         number(2835, 4) + number(0, 8) + number(0xFF0000, 4) + number(0xFF00, 4) +
                         number(0xFF, 4) + number(0xFF000000, 4) + "BGRs" + std::string(48, '\0');
  EXPECT_EQ(encode_bmp(view(rgba)).view(),
            "BM" + number(126, 4) + number(0, 4) + number(122, 4) + v4 + bytes({3, 2, 1, 4}));
}

}  // namespace
}  // namespace imageserver
