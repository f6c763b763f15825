// Reduces a picture to few colours. Threads: any.

#ifndef IMAGESERVER_IMAGE_RASTER_PALETTE_H_
#define IMAGESERVER_IMAGE_RASTER_PALETTE_H_

#include <stop_token>

#include "image/raster/raster.h"
#include "imageserver/error.h"

namespace imageserver {

// The picture in at most `colours` (2 to 256) colours, chosen for it by libimagequant and dithered;
// RGBA. A picture that has no more of them keeps them; all that is fully transparent is one colour
// (black). The same pixels always give the same result. Works in the calling thread alone, and
// takes up to 64 MiB and a histogram beside some 8 bytes a pixel.
//
// Errors: kCancelled (`stop` was requested; the work ends soon after), kInternal (no memory).
// REQUIRES: bands 3 or 4, no side 0.
[[nodiscard]] Result<Raster> reduce_colours(const RasterView& raster, int colours,
                                            const std::stop_token& stop = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_PALETTE_H_
