#include "image/raster/similarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace imageserver {
namespace {

constexpr double kC1 = 6.5025;
constexpr double kC2 = 58.5225;

// A grey picture, pixel by pixel.
template <class Value>
Raster grey(Size size, Value value) {
  Raster raster{size, 1, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      raster.pixels.push_back(static_cast<std::uint8_t>(value(x, y)));
  }
  return raster;
}

Raster flat(Size size, int value) {
  return grey(size, [value](int, int) { return value; });
}

Raster as_colour(const Raster& source, int bands) {
  Raster raster{source.size, bands, {}};
  for (const std::uint8_t value : source.pixels) {
    raster.pixels.insert(raster.pixels.end(), bands < 3 ? 1 : 3, value);
    if (bands % 2 == 0) raster.pixels.push_back(static_cast<std::uint8_t>(raster.pixels.size()));
  }
  return raster;
}

double similarity(const Raster& a, const Raster& b) {
  return structural_similarity(view(a), view(b));
}

// 0 to 2^24 - 1, always the same ones.
class Random {
 public:
  int below(int end) {
    state_ = state_ * 1664525 + 1013904223;
    return static_cast<int>(state_ >> 8U) % end;
  }

 private:
  std::uint32_t state_ = 1;
};

Raster noise(Size size, int strength) {
  Random random;
  return grey(size, [&](int x, int y) {
    return 128 + (x * 3 + y * 5) % 40 + random.below(2 * strength + 1) - strength;
  });
}

constexpr Size kSizes[] = {{1, 1}, {1, 9}, {4, 4}, {5, 3}, {7, 30}, {8, 8}, {9, 8}, {64, 33}};

TEST(Similarity, OfEqualPicturesIsOne) {
  for (const Size size : kSizes) EXPECT_EQ(similarity(noise(size, 50), noise(size, 50)), 1.0);
}

TEST(Similarity, OfFlatPicturesIsTheFirstFractionOfTheFormula) {
  for (const Size size : kSizes) {
    EXPECT_NEAR(similarity(flat(size, 100), flat(size, 120)),
                (2 * 100 * 120 + kC1) / (100 * 100 + 120 * 120 + kC1), 1e-12);
    EXPECT_NEAR(similarity(flat(size, 0), flat(size, 255)), kC1 / (255 * 255 + kC1), 1e-12);
  }
}

TEST(Similarity, OfStripesAndTheirNegativeIsTheWholeFormula) {
  const auto stripes = [](int light, int dark) {
    return grey({8, 8}, [=](int x, int) { return x % 2 == 0 ? light : dark; });
  };
  // Both have the mean 100 and the variance 400; their covariance is -400.
  EXPECT_NEAR(similarity(stripes(120, 80), stripes(80, 120)), (-800 + kC2) / (800 + kC2), 1e-12);
  // A shift of 10: means 100 and 110, and a covariance that is the variance.
  EXPECT_NEAR(similarity(stripes(120, 80), stripes(130, 90)),
              (2 * 100 * 110 + kC1) / (100 * 100 + 110 * 110 + kC1), 1e-12);
}

TEST(Similarity, FallsAsNoiseRises) {
  double last = 1;
  for (const int strength : {2, 5, 10, 20, 40, 80}) {
    const double now = similarity(noise({64, 48}, 0), noise({64, 48}, strength));
    EXPECT_LT(now, last) << strength;
    last = now;
  }
  EXPECT_LT(last, 0.5);
}

TEST(Similarity, IsTheSameBothWays) {
  EXPECT_EQ(similarity(noise({30, 20}, 3), noise({30, 20}, 30)),
            similarity(noise({30, 20}, 30), noise({30, 20}, 3)));
}

TEST(Similarity, IsTheMeanOverWindowsThatLieFourPixelsApart) {
  // Three windows: the columns 0 to 7, 4 to 11 and 8 to 15. The first two see no difference.
  const Raster a = flat({16, 8}, 100);
  const Raster b = grey({16, 8}, [](int x, int) { return x < 12 ? 100 : 140; });
  const double last_window = [] {
    // Mean 120, variance 400 and no covariance.
    return (2 * 100 * 120 + kC1) / (100 * 100 + 120 * 120 + kC1) * kC2 / (400 + kC2);
  }();
  EXPECT_NEAR(similarity(a, b), (2 + last_window) / 3, 1e-12);
}

TEST(Similarity, EveryPixelCounts) {
  for (const Size size : kSizes) {
    const Raster a = flat(size, 100);
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
      Raster b = a;
      b.pixels[i] = 200;
      EXPECT_LT(similarity(a, b), 1.0) << size.width << "x" << size.height << " " << i;
    }
  }
}

TEST(Similarity, LooksAtLumaAloneWhateverTheBands) {
  const Raster a = noise({20, 12}, 10);
  const Raster b = noise({20, 12}, 30);
  const double expected = similarity(a, b);
  for (int bands = 1; bands <= 4; ++bands) {
    for (int others = 1; others <= 4; ++others) {
      EXPECT_EQ(similarity(as_colour(a, bands), as_colour(b, others)), expected)
          << bands << " " << others;
    }
  }
}

TEST(Similarity, GreenCountsMostAndBlueLeast) {
  const auto changed = [](std::size_t band) {
    Raster raster{{8, 8}, 3, std::vector<std::uint8_t>(192, 100)};
    for (std::size_t i = band; i < raster.pixels.size(); i += 3) raster.pixels[i] = 150;
    return similarity(Raster{{8, 8}, 3, std::vector<std::uint8_t>(192, 100)}, raster);
  };
  // 50 in one colour are 14.95, 29.35 and 5.7 in luma: a mean of 115, 129 and 106.
  const auto shifted = [](int to) { return (200.0 * to + kC1) / (10000.0 + to * to + kC1); };
  EXPECT_NEAR(changed(0), shifted(115), 1e-12);
  EXPECT_NEAR(changed(1), shifted(129), 1e-12);
  EXPECT_NEAR(changed(2), shifted(106), 1e-12);
}

}  // namespace
}  // namespace imageserver
