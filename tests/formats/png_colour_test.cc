#include "formats/png_chunks.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "support/pictures.h"
#include "support/profiles.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

PngColour colour_of(std::string_view chunks) {
  return png_colour(with_chunks(encoded(plain(2, 2, {1, 2, 3}), Format::kPng), chunks).view());
}

const std::string kCicp = chunk("cICP", "\x0C\x0D\x00\x01"s);
const std::string kGamma = chunk("gAMA", big_endian({45455}));
const std::string kPlaces =
    chunk("cHRM", big_endian({31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000}));

TEST(PngColour, ChunksAreReadAsTheyAre) {
  const PngColour colour = colour_of(kCicp + chunk("sRGB", "\0"s) + kGamma + kPlaces);
  EXPECT_EQ(colour.code_points, (std::array<std::uint8_t, 4>{12, 13, 0, 1}));
  EXPECT_TRUE(colour.is_srgb);
  EXPECT_EQ(colour.gamma, 45455U);
  ASSERT_TRUE(colour.chromaticities);
  EXPECT_EQ((*colour.chromaticities)[0], 31270U);
  EXPECT_EQ((*colour.chromaticities)[7], 6000U);
}

TEST(PngColour, WhatIsNotThereIsNotKnown) {
  const PngColour colour = colour_of("");
  EXPECT_FALSE(colour.code_points || colour.is_srgb || colour.gamma || colour.chromaticities);
}

TEST(PngColour, ChunksOfAnotherLengthDoNotCount) {
  const PngColour colour =
      colour_of(chunk("cICP", "\x0C\x0D\x00"s) + chunk("sRGB", "") + chunk("gAMA", "\0\0\1"s) +
                chunk("cHRM", big_endian({31270, 32900})));
  EXPECT_FALSE(colour.code_points || colour.is_srgb || colour.gamma || colour.chromaticities);
}

TEST(PngColour, TheFirstOfAKindCounts) {
  EXPECT_EQ(colour_of(kGamma + chunk("gAMA", big_endian({100000}))).gamma, 45455U);
}

TEST(PngColour, ChunksBehindThePaletteAndThePixelsDoNotCount) {
  EXPECT_FALSE(colour_of(chunk("PLTE", "abc") + kGamma).gamma);
  const Bytes png = encoded(plain(2, 2, {1, 2, 3}), Format::kPng);
  EXPECT_FALSE(png_colour(std::string(png.view()) + kGamma).gamma);
}

TEST(PngColour, FilesThatEndAnywhereAreRead) {
  const Bytes png = with_chunks(encoded(plain(2, 2, {1, 2, 3}), Format::kPng), kGamma + kPlaces);
  bool seen = false;
  for (std::size_t size = 8; size <= png.size(); ++size)
    seen = png_colour(png.view().substr(0, size)).chromaticities.has_value();
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace imageserver
