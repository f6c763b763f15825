#include "image/resample/portable_pixel_loops.h"

#include <algorithm>
#include <array>

namespace imageserver {
namespace {

constexpr std::int32_t kHalf = Weights::kOne / 2;

std::int16_t as_word(std::int32_t sum) {
  return static_cast<std::int16_t>(
      std::clamp<std::int32_t>(sum >> Weights::kBits, INT16_MIN, INT16_MAX));
}

void weigh(std::span<const std::uint8_t> pixels, int bands, std::int16_t* words) {
  constexpr int kRounding = 1 << (kProductBits - 1);
  const std::size_t last = static_cast<std::size_t>(bands) - 1;
  for (std::size_t i = 0; i < pixels.size(); i += last + 1) {
    const int alpha = pixels[i + last];
    for (std::size_t band = 0; band <= last; ++band) {
      const int product = pixels[i + band] * (band == last ? 255 : alpha);
      words[i + band] = static_cast<std::int16_t>((product + kRounding) >> kProductBits);
    }
  }
}

void of_rows(const std::int16_t* rows, std::size_t stride, int count,
             std::span<const std::int16_t> weights, std::span<std::int16_t> sum) {
  const std::size_t used = std::min(weights.size(), static_cast<std::size_t>(count));
  std::array<std::int32_t, kWordLane> totals;
  for (std::size_t x = 0; x < sum.size(); x += kWordLane) {
    totals.fill(kHalf);
    for (std::size_t k = 0; k < used; ++k) {
      const std::int16_t* const row = rows + k * stride + x;
      const std::int32_t weight = weights[k];
      for (std::size_t i = 0; i < kWordLane; ++i) totals[i] += row[i] * weight;
    }
    for (std::size_t i = 0; i < kWordLane; ++i) sum[x + i] = as_word(totals[i]);
  }
}

void of_columns(const std::int16_t* row, int bands, const Weights& weights, std::int16_t* result) {
  const auto each = static_cast<std::size_t>(bands);
  for (int i = 0; i < weights.count(); ++i) {
    const auto [first, of_this] = weights.taps(i);
    const std::int16_t* const part = row + static_cast<std::size_t>(first) * each;
    std::array<std::int32_t, kMostBands> totals;
    totals.fill(kHalf);
    for (std::size_t k = 0; k < of_this.size(); ++k) {
      for (std::size_t band = 0; band < each; ++band) {
        totals[band] += part[k * each + band] * of_this[k];
      }
    }
    for (std::size_t band = 0; band < each; ++band) *result++ = as_word(totals[band]);
  }
}

constexpr PixelLoops kPortable{weigh, of_rows, of_columns};

}  // namespace

const PixelLoops& portable_pixel_loops() { return kPortable; }

}  // namespace imageserver
