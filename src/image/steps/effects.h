// What neighbours do to each other: blurred, sharpened, made of blocks.

#ifndef IMAGESERVER_IMAGE_STEPS_EFFECTS_H_
#define IMAGESERVER_IMAGE_STEPS_EFFECTS_H_

#include <vips/vips8>

namespace imageserver {

inline constexpr double kMostBlur = 100;

// All of them keep the size, weigh alpha in, take 8 bits a band, and are lazy. They throw
// vips::VError.

// Blocks of `size` pixels from the left and the top, each of its mean colour.
[[nodiscard]] vips::VImage pixelated(const vips::VImage& image, int size);

// By a Gaussian of that sigma, in pixels. REQUIRES: at most kMostBlur.
[[nodiscard]] vips::VImage blurred(const vips::VImage& image, double sigma);

// By an unsharp mask: what sets a pixel apart from its neighbourhood of that sigma counts twice.
[[nodiscard]] vips::VImage sharpened(const vips::VImage& image, double sigma);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_EFFECTS_H_
