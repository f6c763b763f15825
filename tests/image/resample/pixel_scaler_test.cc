#include "image/resample/pixel_scaler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "image/raster/raster.h"
#include "support/reference.h"

namespace imageserver {
namespace {

Raster noise(Size size, int bands, unsigned seed) {
  std::mt19937 random(seed);
  Raster raster{size, bands, {}};
  const auto area = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  raster.pixels.resize(area * static_cast<std::size_t>(bands));
  std::ranges::generate(raster.pixels, [&] { return static_cast<std::uint8_t>(random()); });
  return raster;
}

Raster plain(Size size, const std::vector<std::uint8_t>& colour) {
  Raster raster{size, static_cast<int>(colour.size()), {}};
  for (int i = 0; i < size.width * size.height; ++i) {
    raster.pixels.insert(raster.pixels.end(), colour.begin(), colour.end());
  }
  return raster;
}

std::size_t place(const Raster& raster, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(raster.size.width) +
          static_cast<std::size_t>(x)) *
         static_cast<std::size_t>(raster.bands);
}

Raster scaled(const Raster& from, const Sampling& columns, const Sampling& rows, bool alpha,
              const PixelLoops& loops = pixel_loops()) {
  PixelScaler scaler({from.bands, alpha}, columns, rows, loops);
  Raster result{{columns.count, rows.count}, from.bands, {}};
  for (int y = rows.low; y < rows.high; ++y) {
    scaler.add(&from.pixels[place(from, columns.low, y)]);
    for (auto row = scaler.next(); !row.empty(); row = scaler.next()) {
      result.pixels.insert(result.pixels.end(), row.begin(), row.end());
    }
  }
  EXPECT_EQ(result.pixels.size(), place(result, 0, rows.count)) << "all rows came";
  return result;
}

Raster scaled(const Raster& from, Size to, bool alpha) {
  return scaled(from, all_of(from.size.width, to.width), all_of(from.size.height, to.height),
                alpha);
}

Plane in_doubles(const Raster& raster) {
  Plane plane = blank(raster.size, raster.bands);
  std::ranges::copy(raster.pixels, plane.values.begin());
  return plane;
}

constexpr Size kSizes[] = {{1, 1}, {2, 3}, {31, 32}, {32, 31}, {33, 65}, {67, 5}, {200, 90}};

TEST(PixelScalerTest, IsLanczosInDoubles) {
  for (const Size from : kSizes) {
    for (const Size to : kSizes) {
      // Where they become fewer by more, a mean of rows goes before.
      if (to.width > from.width || to.height > from.height || from.height >= 6 * to.height)
        continue;
      for (const int bands : {1, 2, 3, 4}) {
        SCOPED_TRACE(testing::Message() << from.width << "x" << from.height << " to " << to.width
                                        << "x" << to.height << " in " << bands);
        const Raster source = noise(from, bands, 7);
        const Raster small = scaled(source, to, false);
        const Plane expected = resampled(in_doubles(source), to, Resampling::kLanczos);
        for (std::size_t i = 0; i < small.pixels.size(); ++i) {
          ASSERT_NEAR(small.pixels[i], std::clamp(expected.values[i], 0.0, 255.0), 0.8);
        }
      }
    }
  }
}

TEST(PixelScalerTest, AlphaIsWeighedInAsInDoubles) {
  for (const int bands : {2, 4}) {
    for (const Size to : {Size{31, 17}, Size{64, 64}, Size{12, 40}}) {
      const Raster source = noise({64, 64}, bands, 3);
      const Raster small = scaled(source, to, true);
      const Plane expected =
          unpremultiplied(resampled(premultiplied(in_doubles(source)), to, Resampling::kLanczos));
      const auto each = static_cast<std::size_t>(bands);
      for (std::size_t i = 0; i < small.pixels.size(); ++i) {
        const double alpha = expected.values[i / each * each + each - 1];
        const double most = i % each == each - 1 ? 0.8 : 0.8 + 16 / std::max(alpha, 1.0);
        ASSERT_NEAR(small.pixels[i], std::clamp(expected.values[i], 0.0, 255.0), most)
            << "at alpha " << alpha;
      }
    }
  }
}

TEST(PixelScalerTest, ManyRowsAreNearlyLanczosInDoubles) {
  Raster source = noise({40, 900}, 3, 5);
  // Not noise alone, of which nothing would be left.
  for (int y = 0; y < 900; ++y) {
    for (std::size_t i = 0; i < 120; ++i) {
      std::uint8_t& level = source.pixels[static_cast<std::size_t>(y) * 120 + i];
      level = static_cast<std::uint8_t>(level / 4 + 90 + 80 * std::sin(y * 0.02));
    }
  }
  for (const int height : {3, 20, 37, 100, 149}) {
    const Raster small = scaled(source, {17, height}, false);
    const Plane expected = resampled(in_doubles(source), {17, height}, Resampling::kLanczos);
    for (std::size_t i = 0; i < small.pixels.size(); ++i) {
      ASSERT_NEAR(small.pixels[i], std::clamp(expected.values[i], 0.0, 255.0), height < 9 ? 6 : 3)
          << height;
    }
  }
}

TEST(PixelScalerTest, EveryProcessorGivesTheSame) {
  for (const Size from : kSizes) {
    for (const Size to : kSizes) {
      if (to.width > from.width || to.height > from.height) continue;
      for (const int bands : {1, 2, 3, 4}) {
        const Raster source = noise(from, bands, 11);
        const Sampling columns = all_of(from.width, to.width);
        const Sampling rows = all_of(from.height, to.height);
        const bool alpha = bands % 2 == 0;
        ASSERT_EQ(scaled(source, columns, rows, alpha),
                  scaled(source, columns, rows, alpha, portable_pixel_loops()));
      }
    }
  }
}

TEST(PixelScalerTest, EveryProcessorGivesTheSameOfOddSides) {
  for (int side = 1; side <= 65; side += 2) {
    for (const int bands : {1, 2, 3, 4}) {
      const Raster source = noise({side, 67 - side}, bands, 17);
      for (const int share : {1, 2, 9}) {
        const Sampling columns = all_of(side, (side + share - 1) / share);
        const Sampling rows = all_of(67 - side, (67 - side + share - 1) / share);
        const bool alpha = bands % 2 == 0;
        ASSERT_EQ(scaled(source, columns, rows, alpha),
                  scaled(source, columns, rows, alpha, portable_pixel_loops()));
      }
    }
  }
}

TEST(PixelScalerTest, FlatStaysFlat) {
  for (const std::uint8_t alpha : std::to_array<std::uint8_t>({1, 2, 30, 128, 255})) {
    for (const Size from : {Size{123, 57}, Size{20, 1000}}) {
      const std::vector<std::uint8_t> colour{0, 127, 255, alpha};
      EXPECT_EQ(scaled(plain(from, colour), {11, 20}, false), plain({11, 20}, colour));
      const Raster seen_through = scaled(plain(from, colour), {11, 20}, true);
      for (std::size_t i = 0; i < seen_through.pixels.size(); ++i) {
        // So little alpha leaves a colour four levels apart.
        ASSERT_NEAR(seen_through.pixels[i], colour[i % 4], alpha < 4 ? 2 : 0);
      }
    }
  }
}

TEST(PixelScalerTest, TheSameSizeIsTheSamePicture) {
  const Raster source = noise({45, 37}, 3, 3);
  EXPECT_EQ(scaled(source, source.size, false), source);
}

TEST(PixelScalerTest, APartTakesNothingFromAround) {
  Raster source = plain({100, 80}, {255, 255, 255});
  for (int y = 20; y < 60; ++y)
    std::fill_n(&source.pixels[place(source, 30, y)], 120, std::uint8_t{9});
  const Sampling columns{
      .first = 30 + 0.5, .step = 2, .count = 20, .low = 30, .high = 70, .samples = 100};
  const Sampling rows{
      .first = 20 + 0.5, .step = 2, .count = 20, .low = 20, .high = 60, .samples = 80};
  EXPECT_EQ(scaled(source, columns, rows, false), plain({20, 20}, {9, 9, 9}));
}

TEST(PixelScalerTest, APartOfTheResultIsTheSame) {
  const Raster source = noise({60, 600}, 3, 13);
  for (const int height : {300, 50}) {
    const Sampling columns = all_of(60, 30);
    Sampling rows = all_of(600, height);
    const Raster whole = scaled(source, columns, rows, false);
    rows.first += rows.step * 30;
    rows.count = 9;
    const Raster part = scaled(source, columns, rows, false);
    const auto begin = whole.pixels.begin() + static_cast<std::ptrdiff_t>(place(whole, 0, 30));
    EXPECT_TRUE(std::equal(part.pixels.begin(), part.pixels.end(), begin));
  }
}

}  // namespace
}  // namespace imageserver
