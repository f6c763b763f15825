// The inner loops of resizing pixels whose bands lie side by side, in plain C++.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/resample/lanczos.h"

namespace imageserver {

// Between its passes a pixel has a word a band, which is large enough for what goes beyond 0 and
// 255 as well: 64ths of a level; or, where alpha is multiplied in, quarters of the product of level
// and alpha, and the alpha itself in quarters of its product with 255. So little alpha leaves its
// colour more than a byte would.
inline constexpr int kLevelBits = 6;
inline constexpr int kProductBits = 2;
inline constexpr int kMostBands = 4;

// Rows of words are as long as a multiple of this, and have a further one behind that.
inline constexpr std::size_t kWordLane = 32;

inline constexpr std::size_t kPixelRowLane = 2;
inline constexpr std::size_t kPixelColumnLane = 4;

// Results are the same, bit for bit, on every machine. Threads: any.
struct PixelLoops {
  // The alpha, which is the last band, is multiplied into the others. As many words as bytes.
  void (*weigh)(std::span<const std::uint8_t> pixels, int bands, std::int16_t* words);

  // Rows, weighed, become one. They are `stride` words apart, and the first `count` of them are
  // there to be read. REQUIRES: a multiple of kPixelRowLane weights, of which those beyond `count`
  // are 0; `sum` has a multiple of kWordLane words.
  void (*of_rows)(const std::int16_t* rows, std::size_t stride, int count,
                  std::span<const std::int16_t> weights, std::span<std::int16_t> sum);

  // Each pixel of the result from its part of the row. REQUIRES: at most kMostBands; a multiple of
  // kPixelColumnLane weights each; kWordLane words more than pixels are readable behind the row,
  // and writable behind the result.
  void (*of_columns)(const std::int16_t* row, int bands, const Weights& weights,
                     std::int16_t* result);
};

// The one that every processor can. It lives for ever. Threads: any.
[[nodiscard]] const PixelLoops& portable_pixel_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PORTABLE_PIXEL_LOOPS_H_
