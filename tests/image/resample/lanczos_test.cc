#include "image/resample/lanczos.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

namespace imageserver {
namespace {

double exact(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  const double angle = std::numbers::pi * x;
  return 3 * std::sin(angle) * std::sin(angle / 3) / (angle * angle);
}

int sum_of(const Weights& weights, int i) {
  const auto of_this = weights.taps(i).weights;
  return std::accumulate(of_this.begin(), of_this.end(), 0);
}

TEST(LanczosTest, WeightsAddUpToOne) {
  for (const int side : {1, 2, 5, 64, 101}) {
    for (const int count : {1, 3, 64, 200}) {
      const Weights weights(all_of(side, count), 1, 1);
      ASSERT_EQ(weights.count(), count);
      for (int i = 0; i < count; ++i) ASSERT_EQ(sum_of(weights, i), Weights::kOne);
    }
  }
}

TEST(LanczosTest, WeightsOfStudioRangeAddUpToItsPart) {
  const Weights weights(all_of(100, 30), 219.0 / 255, 16);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(sum_of(weights, i), std::lround(16384 * 219.0 / 255));
}

TEST(LanczosTest, WeightsAreThoseOfTheStretchedKernel) {
  const Weights weights(all_of(100, 40), 1, 1);
  const double step = 2.5;
  const int i = 20;
  const double middle = (i + 0.5) * step - 0.5;
  const auto [first, of_this] = weights.taps(i);
  double sum = 0;
  for (int at = 0; at < 100; ++at) sum += exact((at - middle) / step);
  ASSERT_EQ(first, static_cast<int>(std::ceil(middle - 3 * step)));
  for (std::size_t k = 0; k < of_this.size(); ++k) {
    const double expected = exact((first + static_cast<double>(k) - middle) / step) / sum;
    EXPECT_NEAR(of_this[k], expected * Weights::kOne, 2) << k;
  }
}

TEST(LanczosTest, NoSampleOutsideTheRangeIsRead) {
  const Sampling part{.first = 9.7, .step = 1.3, .count = 8, .low = 10, .high = 20, .samples = 30};
  const Weights weights(part, 1, 1);
  for (int i = 0; i < weights.count(); ++i) {
    const auto [first, of_this] = weights.taps(i);
    EXPECT_GE(first, 10);
    EXPECT_LE(first + static_cast<int>(of_this.size()), 20);
  }
}

TEST(LanczosTest, ASampleThatLiesHalfOutsideIsMadeOfWhatLiesInside) {
  // Chroma of five pixels: the last sample stands for the last pixel alone.
  const Sampling halved{
      .first = 0.5, .step = 2, .count = 3, .low = 0, .high = 5, .last_share = 0.5, .samples = 5};
  const Weights weights(halved, 1, 1);
  const auto [first, of_last] = weights.taps(2);
  ASSERT_LE(first, 4);
  for (std::size_t k = 0; k < of_last.size(); ++k) {
    EXPECT_EQ(of_last[k], first + static_cast<int>(k) == 4 ? Weights::kOne : 0);
  }
}

TEST(LanczosTest, PixelsAreInterpolatedOnlyWhereTheyAreSmooth) {
  Sampling doubled{
      .first = 0, .step = 1, .count = 4, .low = 0, .high = 4, .pixels_a_sample = 2, .samples = 2};
  const auto first_weight_of_pixel_1 = [&doubled] {
    return Weights(doubled, 1, 1).taps(1).weights[0];
  };
  EXPECT_EQ(first_weight_of_pixel_1(), Weights::kOne * 3 / 4);
  doubled.smooth = false;
  EXPECT_EQ(first_weight_of_pixel_1(), Weights::kOne);
}

TEST(LanczosTest, AStepOfOneCopies) {
  const Weights weights(all_of(9, 9), 1, 1);
  for (int i = 0; i < 9; ++i) {
    const auto [first, of_this] = weights.taps(i);
    EXPECT_EQ(of_this[static_cast<std::size_t>(i - first)], Weights::kOne);
  }
}

TEST(LanczosTest, LanesAreFilledWithZeros) {
  const Weights plain(all_of(50, 20), 1, 1);
  const Weights lanes(all_of(50, 20), 1, 16);
  for (int i = 0; i < 20; ++i) {
    const auto few = plain.taps(i);
    const auto many = lanes.taps(i);
    EXPECT_EQ(few.first, many.first);
    ASSERT_EQ(many.weights.size() % 16, 0U);
    ASSERT_GE(many.weights.size(), few.weights.size());
    for (std::size_t k = 0; k < many.weights.size(); ++k) {
      EXPECT_EQ(many.weights[k], k < few.weights.size() ? few.weights[k] : 0);
    }
  }
}

TEST(LanczosTest, AMirroredAxisIsTheSameBackwards) {
  const Sampling forth = all_of(77, 30);
  Sampling back = forth;
  back.first = forth.first + forth.step * (forth.count - 1);
  back.step = -forth.step;
  const Weights there(forth, 1, 1);
  const Weights and_back(back, 1, 1);
  for (int i = 0; i < 30; ++i) {
    const auto one = there.taps(i);
    const auto other = and_back.taps(29 - i);
    EXPECT_EQ(one.first, other.first);
    for (std::size_t k = 0; k < one.weights.size(); ++k) {
      EXPECT_NEAR(one.weights[k], other.weights[k], 1);
    }
  }
}

}  // namespace
}  // namespace imageserver
