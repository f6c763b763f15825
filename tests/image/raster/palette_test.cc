#include "image/raster/palette.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

namespace imageserver {
namespace {

using Rgba = std::array<std::uint8_t, 4>;

std::set<Rgba> colours_of(const Raster& raster) {
  std::set<Rgba> colours;
  const auto bands = static_cast<std::size_t>(raster.bands);
  for (std::size_t at = 0; at < raster.pixels.size(); at += bands) {
    Rgba colour{0, 0, 0, 255};
    for (std::size_t i = 0; i < bands; ++i) colour[i] = raster.pixels[at + i];
    colours.insert(colour);
  }
  return colours;
}

// Red across, green down, blue between: thousands of colours.
Raster gradient(Size size, int bands) {
  Raster raster{size, bands, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      raster.pixels.push_back(static_cast<std::uint8_t>(x * 255 / size.width));
      raster.pixels.push_back(static_cast<std::uint8_t>(y * 255 / size.height));
      raster.pixels.push_back(static_cast<std::uint8_t>((x + y) * 127 / size.width));
      if (bands == 4) raster.pixels.push_back(static_cast<std::uint8_t>(255 - x * y % 256));
    }
  }
  return raster;
}

// `count` colours that lie as close together as they can, `times` pixels of each.
Raster close_colours(int count, int times) {
  Raster raster{{count * times, 1}, 3, {}};
  for (int i = 0; i < count * times; ++i) {
    raster.pixels.push_back(100);
    raster.pixels.push_back(static_cast<std::uint8_t>(i % count / 16));
    raster.pixels.push_back(static_cast<std::uint8_t>(i % count % 16));
  }
  return raster;
}

Raster reduced(const Raster& raster, int colours) {
  return reduce_colours(view(raster), colours).value();
}

// The mean distance of a colour, 0 to 255.
double distance(const Raster& rgb, const Raster& rgba) {
  double sum = 0;
  for (std::size_t i = 0; i < rgb.pixels.size() / 3; ++i) {
    for (std::size_t band = 0; band < 3; ++band)
      sum += std::abs(rgb.pixels[3 * i + band] - rgba.pixels[4 * i + band]);
  }
  return sum / static_cast<double>(rgb.pixels.size());
}

TEST(Palette, HasNoMoreColoursThanAsked) {
  for (const int bands : {3, 4}) {
    const Raster source = gradient({64, 48}, bands);
    for (const int colours : {2, 3, 16, 100, 255, 256}) {
      const Raster result = reduced(source, colours);
      EXPECT_EQ(result.size, source.size);
      EXPECT_EQ(result.bands, 4);
      EXPECT_EQ(result.pixels.size(), 64U * 48 * 4);
      EXPECT_LE(colours_of(result).size(), static_cast<std::size_t>(colours));
      EXPECT_GT(colours_of(result).size(), static_cast<std::size_t>(colours) / 2);
    }
  }
}

TEST(Palette, MoreColoursAreCloser) {
  const Raster source = gradient({64, 48}, 3);
  double last = 255;
  for (const int colours : {2, 8, 32, 256}) {
    const double now = distance(source, reduced(source, colours));
    EXPECT_LT(now, last) << colours;
    last = now;
  }
  EXPECT_LT(last, 6);
}

TEST(Palette, FewColoursAreKept) {
  for (const int count : {1, 2, 255, 256}) {
    const Raster source = close_colours(count, 3);
    const Raster result = reduced(source, std::max(count, 2));
    EXPECT_EQ(distance(source, result), 0) << count;
    EXPECT_EQ(colours_of(result), colours_of(source)) << count;
  }
}

TEST(Palette, OneColourTooManyIsReduced) {
  for (const int count : {3, 17, 257}) {
    const Raster source = close_colours(count, 3);
    EXPECT_LE(colours_of(reduced(source, count - 1)).size(), static_cast<std::size_t>(count - 1));
  }
}

TEST(Palette, AllThatIsTransparentIsOneColour) {
  Raster source{{300, 1}, 4, {}};
  for (int i = 0; i < 300; ++i) {
    const std::uint8_t value = static_cast<std::uint8_t>(i % 256);
    source.pixels.insert(source.pixels.end(), {value, static_cast<std::uint8_t>(i / 256), 9,
                                               static_cast<std::uint8_t>(i == 0 ? 200 : 0)});
  }
  EXPECT_EQ(colours_of(reduced(source, 2)), (std::set<Rgba>{{0, 0, 0, 0}, {0, 0, 9, 200}}));
}

TEST(Palette, WhatIsTransparentOrOpaqueStaysSo) {
  Raster source = gradient({64, 64}, 4);
  for (std::size_t i = 0; i < std::size_t{64} * 64; ++i)
    source.pixels[4 * i + 3] = i % 64 < 32 ? 0 : 255;
  const Raster result = reduced(source, 16);
  for (std::size_t i = 0; i < std::size_t{64} * 64; ++i)
    ASSERT_EQ(result.pixels[4 * i + 3], source.pixels[4 * i + 3]) << i;
}

TEST(Palette, IsDithered) {
  // A step between two of its colours becomes a mixture of them.
  const Raster source = gradient({128, 128}, 3);
  const Raster result = reduced(source, 4);
  std::size_t changes = 0;
  for (std::size_t i = 1; i < std::size_t{128} * 128; ++i) {
    if (result.pixels[4 * i] != result.pixels[4 * i - 4]) ++changes;
  }
  // Four flat areas have some 4 borders a row.
  EXPECT_GT(changes, 128U * 16);
}

TEST(Palette, IsTheSameEveryTimeAndInEveryThread) {
  const Raster source = gradient({200, 150}, 4);
  const Raster once = reduced(source, 64);
  EXPECT_EQ(reduced(source, 64), once);
  std::vector<Raster> results(4);
  {
    std::vector<std::jthread> threads;
    for (Raster& result : results)
      threads.emplace_back([&result, &source] { result = reduced(source, 64); });
  }
  for (const Raster& result : results) EXPECT_EQ(result, once);
}

TEST(Palette, EndsWhenNobodyWaits) {
  std::stop_source source;
  source.request_stop();
  const auto result = reduce_colours(view(gradient({64, 48}, 3)), 16, source.get_token());
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().kind, ErrorKind::kCancelled);
}

TEST(Palette, OfOnePixelOrOneRow) {
  EXPECT_EQ(reduced({{1, 1}, 3, {1, 2, 3}}, 2).pixels, (std::vector<std::uint8_t>{1, 2, 3, 255}));
  EXPECT_LE(colours_of(reduced(gradient({300, 1}, 3), 5)).size(), 5U);
  EXPECT_LE(colours_of(reduced(gradient({1, 300}, 3), 5)).size(), 5U);
}

}  // namespace
}  // namespace imageserver
