// The inner loops for resizing planes, in plain C++.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PLANE_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PLANE_LOOPS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/resample/lanczos.h"

namespace imageserver {

// Between the two passes a sample is a level in 64ths. It may be below 0 and above 255.
inline constexpr int kRowBits = 6;

// By how many bits a sum of products is shifted down after the first pass, and after the second.
inline constexpr int kRowShift = Weights::kBits - kRowBits;
inline constexpr int kColumnShift = Weights::kBits + kRowBits;

// Sums that are the same, bit for bit, on every machine. Threads: any.
struct PlaneLoops {
  // The weighted sum of rows of samples. They are `stride` bytes apart; only the first `count` of
  // them are read. Reads and writes `sum.size()` samples, padded to a multiple of BytePlane::kLane.
  // REQUIRES: an even number of weights; those beyond `count` are 0.
  void (*of_rows)(const std::uint8_t* rows, std::size_t stride, int count,
                  std::span<const std::int16_t> weights, std::span<std::int16_t> sum);

  // Each sample of the result is the weighted sum of its part of the row, plus `bias` levels.
  // REQUIRES: a multiple of kColumnLane weights each, all of `row`'s places for them readable.
  void (*of_columns)(const std::int16_t* row, const Weights& weights, double bias,
                     std::uint8_t* result);
};

// What is added before the fraction is cut off, so that it rounds: a half and the bias.
[[nodiscard]] std::int32_t rounding_of(double bias);

inline constexpr std::size_t kRowLane = 2;
inline constexpr std::size_t kColumnLane = 16;

// The loops for any processor. They live for ever. Threads: any.
[[nodiscard]] const PlaneLoops& portable_plane_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PLANE_LOOPS_H_
