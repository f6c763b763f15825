// How hard encoders try: a compromise between time and size.

#ifndef IMAGESERVER_IMAGE_CODEC_EFFORT_H_
#define IMAGESERVER_IMAGE_CODEC_EFFORT_H_

#include <cstdint>

#include "formats/size.h"

namespace imageserver {

// The most pixels of a JPEG that has Huffman tables of its own. They cost some 4 ns a pixel, more
// than the rest of the encoder, and memory for all coefficients. They save 12 % of the bytes at 100
// pixels a side, 5 % at 256, and less than 2 % at 1000. (A progressive JPEG always has them.)
inline constexpr std::int64_t kMostOptimised = 65'536;

[[nodiscard]] inline bool is_optimised(Size size) { return area(size) <= kMostOptimised; }

// WebP's encoder takes 0 (fast) to 6 (small).
inline constexpr int kWebpEffort = 4;

// The least that AVIF's encoder takes and that is still fast enough.
inline constexpr int kAvifEffort = 1;

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_EFFORT_H_
