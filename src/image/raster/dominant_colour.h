// The colour that most of a picture has.

#ifndef IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_
#define IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_

#include "image/raster/raster.h"
#include "params/transform_spec.h"

namespace imageserver {

// The mean of the pixels in the fullest cell of a histogram of 16 x 16 x 16 cells, its neighbours'
// (26 at most) counted in, both for how full it is and for the mean, so that a border between two
// cells splits no colour; pixels weigh as much as their alpha. Always opaque. Black where all is
// transparent. REQUIRES: no side is 0.
[[nodiscard]] Colour dominant_colour(const RasterView& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_DOMINANT_COLOUR_H_
