// How much two pictures look alike. Threads: any.

#ifndef IMAGESERVER_IMAGE_RASTER_SIMILARITY_H_
#define IMAGESERVER_IMAGE_RASTER_SIMILARITY_H_

#include "image/raster/raster.h"

namespace imageserver {

// The mean structural similarity of the two pictures' luma (Wang, Bovik, Sheikh and Simoncelli,
// "Image quality assessment", 2004; K1 = 0.01, K2 = 0.03; variances over the number of pixels),
// over windows of 8 x 8 pixels that lie 4 pixels apart (those that stick out of the picture have
// fewer pixels, so that every pixel counts): 1 for equal ones. Alpha does not count. Costs one pass
// over both. REQUIRES: equal sizes, none 0; bands may differ.
[[nodiscard]] double structural_similarity(const RasterView& a, const RasterView& b);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RASTER_SIMILARITY_H_
