// Blurs a picture. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_BLUR_H_
#define IMAGESERVER_IMAGE_STEPS_BLUR_H_

#include <vips/vips8>

namespace imageserver {

// The largest sigma, in pixels.
inline constexpr double kMostBlur = 100;

// By a Gaussian of `sigma` pixels, weighted by alpha. Keeps the size. Lazy. Throws vips::VError.
// REQUIRES: 8 bits a band; 0 < sigma <= kMostBlur.
[[nodiscard]] vips::VImage blurred(const vips::VImage& image, double sigma);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_BLUR_H_
