// Converts pictures to sRGB through light. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_COLOUR_BY_LIGHT_H_
#define IMAGESERVER_IMAGE_COLOUR_BY_LIGHT_H_

#include <vips/vips8>

#include "image/colour/light_space.h"

namespace imageserver {

// The picture in sRGB or grey (LightConverter), 8 bits a band. Lazy. Throws vips::VError. REQUIRES:
// 8 bits a band, or all 16; 1 to 4 bands, the last of 2 or 4 being alpha.
[[nodiscard]] vips::VImage by_light(const vips::VImage& image, const LightSpace& space);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_BY_LIGHT_H_
