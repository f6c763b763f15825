// Rounds the corners of a picture. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_ROUND_CORNERS_H_
#define IMAGESERVER_IMAGE_STEPS_ROUND_CORNERS_H_

#include <vips/vips8>

namespace imageserver {

// Transparent outside corners of `radius` pixels, with a smooth edge. A radius above half the
// shorter side counts as that half. Lazy. Throws vips::VError. REQUIRES: 8 bits a band; sRGB or
// grey.
[[nodiscard]] vips::VImage rounded(const vips::VImage& image, int radius);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_ROUND_CORNERS_H_
