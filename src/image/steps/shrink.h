// A picture of libvips is made smaller by our own loops, at once.

#ifndef IMAGESERVER_IMAGE_STEPS_SHRINK_H_
#define IMAGESERVER_IMAGE_STEPS_SHRINK_H_

#include <stop_token>
#include <vips/vips8>

#include "image/resample/lanczos.h"

namespace imageserver {

// 8 bits a band and 1 to 4 bands, smaller in no dimension than its result nor too many times
// larger, and neither wider, nor with a larger result, than may be held in memory.
[[nodiscard]] bool can_shrink(const vips::VImage& image, const Sampling& columns,
                              const Sampling& rows);

// By Lanczos, on the encoded values, with alpha weighed in, so that what is seen through takes no
// part in the colour. In memory, with all metadata. Rows are read from top to bottom, each once, by
// this thread, and no more of them held than few of the result are made of (or than two rows of
// tiles have, where it is made in tiles); ends with an error soon
// after `stop` is requested. Throws vips::VError. REQUIRES: can_shrink.
[[nodiscard]] vips::VImage shrink(const vips::VImage& image, const Sampling& columns,
                                  const Sampling& rows, const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_SHRINK_H_
