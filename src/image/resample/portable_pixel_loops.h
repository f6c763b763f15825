// The inner loops for resizing interleaved pixels, in plain C++.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/resample/lanczos.h"

namespace imageserver {

// Between the two passes a band of a pixel is a word of 16 bits, which also holds values below 0
// and above 255. Without alpha: the level in 64ths. With alpha: level * alpha in quarters, and for
// the alpha itself alpha * 255 in quarters. So a colour with little alpha keeps more precision than
// a byte has.
inline constexpr int kLevelBits = 6;
inline constexpr int kProductBits = 2;
inline constexpr int kMostBands = 4;

// A row of words is padded to a multiple of this, and then by one more.
inline constexpr std::size_t kWordLane = 32;

inline constexpr std::size_t kPixelRowLane = 2;
inline constexpr std::size_t kPixelColumnLane = 4;

// Results are the same, bit for bit, on every machine. Threads: any.
struct PixelLoops {
  // Multiplies the last band, the alpha, into the others. Writes as many words as there are bytes.
  void (*weigh)(std::span<const std::uint8_t> pixels, int bands, std::int16_t* words);

  // The weighted sum of rows. They are `stride` words apart; only the first `count` of them are
  // read. REQUIRES: a multiple of kPixelRowLane weights, of which those beyond `count` are 0; `sum`
  // has a multiple of kWordLane words.
  void (*of_rows)(const std::int16_t* rows, std::size_t stride, int count,
                  std::span<const std::int16_t> weights, std::span<std::int16_t> sum);

  // Each pixel of the result is the weighted sum of its part of the row. REQUIRES: at most
  // kMostBands; a multiple of kPixelColumnLane weights each; kWordLane words more than pixels are
  // readable behind the row, and writable behind the result.
  void (*of_columns)(const std::int16_t* row, int bands, const Weights& weights,
                     std::int16_t* result);
};

// The loops for any processor. They live for ever. Threads: any.
[[nodiscard]] const PixelLoops& portable_pixel_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_
