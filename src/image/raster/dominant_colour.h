// The colour that most of a picture has. Threads: any.

#ifndef IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_
#define IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_

#include "image/raster/raster.h"
#include "params/transform_spec.h"

namespace imageserver {

// The mean of the pixels in the fullest cell of a histogram of 16 x 16 x 16 cells. A cell counts
// together with its neighbours (26 at most), both for how full it is and for the mean, so that the
// border between two cells splits no colour. A pixel weighs as much as its alpha. Always opaque;
// black for a picture that is transparent everywhere. REQUIRES: no side is 0.
[[nodiscard]] Colour dominant_colour(const RasterView& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_
