// Converts pictures to sRGB or grey.

#ifndef IMAGESERVER_IMAGE_COLOUR_COLOUR_H_
#define IMAGESERVER_IMAGE_COLOUR_COLOUR_H_

#include <vector>
#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// By the profile in the picture if there is one that fits it and is not sRGB's own, which goes; and
// for CMYK without one by a usual one. One band for grey, three for the rest, and alpha if there
// was alpha. What it gives, it leaves as it is. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage to_srgb(const vips::VImage& image);

// Whether to_srgb leaves the pixels as they are: grey, or red, green and blue without a profile, or
// with one that does not fit, or that is sRGB's own. By the header alone.
[[nodiscard]] bool is_srgb(const vips::VImage& image);

// Red, green and blue, as libvips takes them.
[[nodiscard]] std::vector<double> bands_of(const Colour& colour);

[[nodiscard]] bool is_grey(const Colour& colour);

// Without alpha, on white. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage flatten_on_white(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_COLOUR_H_
