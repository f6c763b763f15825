// Makes a picture of libvips smaller with the loops of image/resample, evaluated at once. Threads:
// any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_SHRINK_H_
#define IMAGESERVER_IMAGE_STEPS_SHRINK_H_

#include <stop_token>
#include <vips/vips8>

#include "image/resample/lanczos.h"

namespace imageserver {

// Whether shrink() takes this picture: 8 bits a band, 1 to 4 bands; neither side becomes longer,
// nor more than PixelScaler::kMostFactor times shorter; its rows and its result are small enough
// for memory.
[[nodiscard]] bool can_shrink(const vips::VImage& image, const Sampling& columns,
                              const Sampling& rows);

// Lanczos on the encoded values, weighted by alpha. The result is in memory and has all metadata.
// The calling thread reads each row once, from top to bottom. It holds only the rows that the next
// rows of the result need; of a picture that is made in tiles, two rows of tiles. Throws
// vips::VError, also soon after `stop` is requested. REQUIRES: can_shrink().
[[nodiscard]] vips::VImage shrink(const vips::VImage& image, const Sampling& columns,
                                  const Sampling& rows, const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_SHRINK_H_
