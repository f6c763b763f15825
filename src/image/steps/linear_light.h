// Light adds up; the values in a file, which are spread for the eye, do not.

#ifndef IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_
#define IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_

#include <vips/vips8>

#include "image/steps/alpha.h"

namespace imageserver {

// `step` on the picture in linear light (the sRGB curve undone, IEC 61966-2-1), alpha multiplied
// in; then the curve again. REQUIRES: sRGB or grey of 8 bits. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage in_linear_light(const vips::VImage& image, const Step& step);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_LINEAR_LIGHT_H_
