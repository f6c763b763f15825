// Pixels in plain memory, for work that no operation of libvips does.

#ifndef IMAGESERVER_IMAGE_RASTER_RASTER_H_
#define IMAGESERVER_IMAGE_RASTER_RASTER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "formats/size.h"

namespace imageserver {

// 8 bits a band, bands interleaved, rows from top to bottom with nothing between them.
struct Raster {
  Size size;
  int bands = 0;  // 1: grey, 2: grey and alpha, 3: RGB, 4: RGBA; alpha is not multiplied in
  std::vector<std::uint8_t> pixels;

  friend bool operator==(const Raster&, const Raster&) = default;
};

// A view of memory that somebody else owns, laid out as a Raster.
struct RasterView {
  Size size;
  int bands = 0;
  std::span<const std::uint8_t> pixels;
};

// REQUIRES: the raster outlives the view, and its pixels stay where they are.
[[nodiscard]] inline RasterView view(const Raster& raster) {
  return {raster.size, raster.bands, raster.pixels};
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_RASTER_H_
