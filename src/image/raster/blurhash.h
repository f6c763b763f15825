// BlurHash: a picture's few lowest frequencies as a short text, to be shown while it loads.
// Threads: any.

#ifndef IMAGESERVER_IMAGE_RASTER_BLURHASH_H_
#define IMAGESERVER_IMAGE_RASTER_BLURHASH_H_

#include <string>

#include "image/raster/raster.h"

namespace imageserver {

// The text of `across` by `down` components (1 to 9 each), as the BlurHash algorithm defines it and
// the C encoder of its authors writes it. (That encoder places a pixel at its upper left corner, so
// that the higher components of a flat picture are not 0.) Alpha does not count. Takes time for
// `across` times the pixels: made for small pictures. REQUIRES: no side is 0.
[[nodiscard]] std::string blurhash(const RasterView& raster, int across, int down);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_BLURHASH_H_
