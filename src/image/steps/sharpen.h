// Sharpens a picture by an unsharp mask. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_SHARPEN_H_
#define IMAGESERVER_IMAGE_STEPS_SHARPEN_H_

#include <vips/vips8>

namespace imageserver {

// Each pixel's difference from the blurred picture (blurred()) counts twice. Keeps the size and the
// alpha. Lazy. Throws vips::VError. REQUIRES: 8 bits a band; 0 < sigma <= kMostBlur.
[[nodiscard]] vips::VImage sharpened(const vips::VImage& image, double sigma);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_SHARPEN_H_
