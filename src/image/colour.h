// Every result is 8-bit sRGB, or grey where it was grey.

#ifndef IMAGESERVER_IMAGE_COLOUR_H_
#define IMAGESERVER_IMAGE_COLOUR_H_

#include <vector>
#include <vips/vips8>

#include "imageserver/params.h"

namespace imageserver {

// By the profile in the picture if there is one that fits it, and for CMYK without one by a usual
// one. One band for grey, three for the rest, and alpha if there was alpha. What it gives, it
// leaves as it is. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage to_srgb(const vips::VImage& image);

// Red, green and blue, as libvips takes them.
[[nodiscard]] std::vector<double> bands_of(const Colour& colour);

[[nodiscard]] bool is_grey(const Colour& colour);

// Without alpha, on white. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage flatten_on_white(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_H_
