// The two inner loops of resizing a plane, in plain C++.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_WEIGHTED_SUM_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_WEIGHTED_SUM_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/resample/lanczos.h"

namespace imageserver {

// A row between the two passes: levels in 64ths, between them and around 0 and 255 as well.
inline constexpr int kRowBits = 6;

// By how many bits a sum of products is too long after the one pass and after the other.
inline constexpr int kRowShift = Weights::kBits - kRowBits;
inline constexpr int kColumnShift = Weights::kBits + kRowBits;

// Sums that are the same, bit for bit, on every machine. Threads: any.
struct WeightedSum {
  // Rows of samples, weighed, become one row. `rows` are `stride` bytes apart, the first
  // `count` of them are there to be read, as far as a multiple of BytePlane::kLane; so much of
  // `sum` is written. REQUIRES: an even number of weights; those beyond `count` are 0.
  void (*of_rows)(const std::uint8_t* rows, std::size_t stride, int count,
                  std::span<const std::int16_t> weights, std::span<std::int16_t> sum);

  // Each sample of the result from its part of the row; `bias` is added, in levels.
  // REQUIRES: a multiple of kColumnLane weights each, all of `row`'s places for them readable.
  void (*of_columns)(const std::int16_t* row, const Weights& weights, double bias,
                     std::uint8_t* result);
};

// What is added before the fraction is cut off: a half, and the bias.
[[nodiscard]] std::int32_t rounding_of(double bias);

inline constexpr std::size_t kRowLane = 2;
inline constexpr std::size_t kColumnLane = 16;

// The one that every processor can. It lives for ever. Threads: any.
[[nodiscard]] const WeightedSum& portable_weighted_sum();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_WEIGHTED_SUM_H_
