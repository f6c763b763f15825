// Runs a filter in linear light. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_
#define IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_

#include <vips/vips8>

#include "image/steps/alpha.h"

namespace imageserver {

// Undoes the sRGB curve (IEC 61966-2-1), multiplies alpha in, runs `filter`, and applies both
// again. REQUIRES: sRGB or grey of 8 bits. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage in_linear_light(const vips::VImage& image, const Filter& filter);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_
