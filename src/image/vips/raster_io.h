// From libvips to plain memory and back. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_VIPS_RASTER_IO_H_
#define IMAGESERVER_IMAGE_VIPS_RASTER_IO_H_

#include <vips/vips8>

#include "image/raster/raster.h"

namespace imageserver {

// Evaluates the image. REQUIRES: 8 bits a band, 1 to 4 bands. Throws vips::VError.
[[nodiscard]] Raster to_raster(const vips::VImage& image);

// A copy. Grey or sRGB. Throws vips::VError.
[[nodiscard]] vips::VImage from_raster(const RasterView& raster);

// The same without copying the pixels.
[[nodiscard]] vips::VImage from_raster(Raster&& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_RASTER_IO_H_
