#include "image/resample/plane_scaler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "support/reference.h"

namespace imageserver {
namespace {

Sampling mirrored(const Sampling& sampling) {
  Sampling result = sampling;
  result.first = sampling.first + sampling.step * (sampling.count - 1);
  result.step = -sampling.step;
  return result;
}

BytePlane noise(Size size, unsigned seed) {
  std::mt19937 random(seed);
  BytePlane plane(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) plane.row(y)[x] = static_cast<std::uint8_t>(random());
  }
  return plane;
}

BytePlane plain(Size size, std::uint8_t level) {
  BytePlane plane(size);
  for (int y = 0; y < size.height; ++y) std::fill_n(plane.row(y), size.width, level);
  return plane;
}

Plane in_doubles(const BytePlane& plane) {
  Plane result = blank(plane.size(), 1);
  for (int y = 0; y < plane.size().height; ++y) {
    for (int x = 0; x < plane.size().width; ++x) result.at(x, y, 0) = plane.row(y)[x];
  }
  return result;
}

void expect_equal(const BytePlane& a, const BytePlane& b) {
  ASSERT_EQ(a.size(), b.size());
  for (int y = 0; y < a.size().height; ++y) {
    for (int x = 0; x < a.size().width; ++x) ASSERT_EQ(a.row(y)[x], b.row(y)[x]) << x << "," << y;
  }
}

BytePlane resized(const BytePlane& plane, Size size) {
  return PlaneScaler(all_of(plane.size().width, size.width),
                     all_of(plane.size().height, size.height))
      .scale(plane);
}

constexpr Size kSizes[] = {{1, 1}, {2, 3}, {31, 32}, {32, 31}, {33, 65}, {67, 5}, {200, 90}};

TEST(PlaneScalerTest, IsLanczosInDoubles) {
  for (const Size from : kSizes) {
    for (const Size to : kSizes) {
      if (to.width > from.width || to.height > from.height) continue;
      const BytePlane plane = noise(from, 7);
      const BytePlane small = resized(plane, to);
      const Plane expected = resampled(in_doubles(plane), to, Resampling::kLanczos);
      for (int y = 0; y < to.height; ++y) {
        for (int x = 0; x < to.width; ++x) {
          const double level = std::clamp(expected.at(x, y, 0), 0.0, 255.0);
          ASSERT_NEAR(small.row(y)[x], level, 0.75)
              << from.width << "x" << from.height << " to " << to.width << "x" << to.height;
        }
      }
    }
  }
}

TEST(PlaneScalerTest, EveryProcessorGivesTheSame) {
  for (const Size from : kSizes) {
    for (const Size to : kSizes) {
      const BytePlane plane = noise(from, 11);
      const Sampling columns = all_of(from.width, to.width);
      const Sampling rows = mirrored(all_of(from.height, to.height));
      const Levels levels{219.0 / 255, 16};
      const PlaneScaler scaler(columns, rows, levels);
      expect_equal(scaler.scale(plane, plane_loops()), scaler.scale(plane, portable_plane_loops()));
    }
  }
}

TEST(PlaneScalerTest, EveryProcessorGivesTheSameOfHalvedChroma) {
  for (int side = 1; side <= 65; side += 2) {
    for (const int each : {1, 2, 4}) {
      const Size samples{(side + each - 1) / each, (side / 3) / each + 1};
      const BytePlane plane = noise(samples, 13);
      for (const int count : {1, side / 2 + 1, side}) {
        Sampling columns = all_of(side, count);
        columns.pixels_a_sample = each;
        columns.samples = samples.width;
        columns.last_share = 0.5;
        const PlaneScaler scaler(columns, all_of(samples.height, (samples.height + 1) / 2));
        expect_equal(scaler.scale(plane, plane_loops()),
                     scaler.scale(plane, portable_plane_loops()));
      }
    }
  }
}

TEST(PlaneScalerTest, FlatStaysFlat) {
  for (const std::uint8_t level : std::to_array<std::uint8_t>({0, 1, 127, 254, 255})) {
    expect_equal(resized(plain({123, 57}, level), {41, 20}), plain({41, 20}, level));
  }
}

TEST(PlaneScalerTest, TheSameSizeIsTheSamePicture) {
  const BytePlane plane = noise({45, 37}, 3);
  expect_equal(resized(plane, plane.size()), plane);
}

TEST(PlaneScalerTest, MirrorsOnTheWay) {
  const BytePlane plane = noise({64, 48}, 5);
  const Sampling columns = all_of(64, 24);
  const Sampling rows = all_of(48, 18);
  const BytePlane straight = PlaneScaler(columns, rows).scale(plane);
  const BytePlane turned = PlaneScaler(mirrored(columns), mirrored(rows)).scale(plane);
  for (int y = 0; y < 18; ++y) {
    for (int x = 0; x < 24; ++x) {
      EXPECT_NEAR(turned.row(17 - y)[23 - x], straight.row(y)[x], 1);
    }
  }
}

TEST(PlaneScalerTest, APartTakesNothingFromAround) {
  BytePlane plane = plain({100, 80}, 255);
  for (int y = 20; y < 60; ++y) std::fill_n(plane.row(y) + 30, 40, std::uint8_t{10});
  const Sampling columns{
      .first = 30 + 0.5, .step = 2, .count = 20, .low = 30, .high = 70, .samples = 100};
  const Sampling rows{
      .first = 20 + 0.5, .step = 2, .count = 20, .low = 20, .high = 60, .samples = 80};
  expect_equal(PlaneScaler(columns, rows).scale(plane), plain({20, 20}, 10));
}

TEST(PlaneScalerTest, StudioRangeGoesFrom16To235) {
  const Levels levels{219.0 / 255, 16};
  const auto level = [&](std::uint8_t from) {
    return PlaneScaler(all_of(20, 9), all_of(20, 9), levels).scale(plain({20, 20}, from)).row(4)[4];
  };
  EXPECT_EQ(level(0), 16);
  EXPECT_EQ(level(255), 235);
}

TEST(PlaneScalerTest, TransposedHasRowsForColumns) {
  const BytePlane plane = noise({37, 5}, 9);
  const BytePlane other = transposed(plane);
  ASSERT_EQ(other.size(), (Size{5, 37}));
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 37; ++x) EXPECT_EQ(other.row(x)[y], plane.row(y)[x]);
  }
  expect_equal(transposed(other), plane);
}

}  // namespace
}  // namespace imageserver
