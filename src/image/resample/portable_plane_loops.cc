#include "image/resample/portable_plane_loops.h"

#include <algorithm>
#include <cmath>

namespace imageserver {
namespace {

void of_rows(const std::uint8_t* rows, std::size_t stride, int count,
             std::span<const std::int16_t> weights, std::span<std::int16_t> sum) {
  const std::size_t used = std::min(weights.size(), static_cast<std::size_t>(count));
  for (std::size_t x = 0; x < sum.size(); ++x) {
    std::int32_t total = 1 << (kRowShift - 1);
    for (std::size_t k = 0; k < used; ++k) total += rows[k * stride + x] * weights[k];
    total >>= kRowShift;
    sum[x] = static_cast<std::int16_t>(std::clamp<std::int32_t>(total, INT16_MIN, INT16_MAX));
  }
}

void of_columns(const std::int16_t* row, const Weights& weights, double bias,
                std::uint8_t* result) {
  const std::int32_t rounding = rounding_of(bias);
  for (int i = 0; i < weights.count(); ++i) {
    const auto [first, of_this] = weights.taps(i);
    std::int32_t total = rounding;
    const std::int16_t* const part = row + first;
    for (std::size_t k = 0; k < of_this.size(); ++k) total += part[k] * of_this[k];
    result[i] = static_cast<std::uint8_t>(std::clamp(total >> kColumnShift, 0, 255));
  }
}

constexpr PlaneLoops kPortable{of_rows, of_columns};

}  // namespace

std::int32_t rounding_of(double bias) {
  return static_cast<std::int32_t>(std::lround((bias + 0.5) * (1 << kColumnShift)));
}

const PlaneLoops& portable_plane_loops() { return kPortable; }

}  // namespace imageserver
