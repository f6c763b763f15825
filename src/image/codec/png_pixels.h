// Pixels as a PNG stores them (ISO/IEC 15948), in as few bits as show the same picture.

#ifndef IMAGESERVER_IMAGE_CODEC_PNG_PIXELS_H_
#define IMAGESERVER_IMAGE_CODEC_PNG_PIXELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/raster/raster.h"

namespace imageserver {

// The colour types of clause 11.2.2.
enum class PngColour : std::uint8_t {
  kGrey = 0,
  kRgb = 2,
  kPalette = 3,
  kGreyAlpha = 4,
  kRgba = 6,
};

struct PngPixels {
  // Zeros before each row: the pixel that filters find to the left of the first one.
  static constexpr std::size_t kMargin = 8;

  Size size;
  PngColour colour = PngColour::kGrey;
  int depth = 8;                       // bits a sample
  std::vector<std::uint32_t> palette;  // red in the lowest byte, alpha in the highest
  std::size_t row_bytes = 0;
  std::vector<std::uint8_t> bytes;  // the rows, each with its margin

  // Bytes from a sample to the same one of the next pixel; at least 1.
  [[nodiscard]] std::size_t pixel_bytes() const;

  // The row without its margin. REQUIRES: there is such a row.
  [[nodiscard]] const std::uint8_t* row(int y) const;
};

// The same picture: grey where no pixel has a colour, without alpha where every pixel is opaque, by
// a palette where that is smaller, in 1, 2 or 4 bits where they are enough. What is fully
// transparent has no colour of its own: it takes one that costs few bytes. Threads: any. REQUIRES:
// no side is 0.
[[nodiscard]] PngPixels png_pixels(const RasterView& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_PNG_PIXELS_H_
