// Converts pictures to sRGB or grey.

#ifndef IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
#define IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_

#include <vips/vips8>

namespace imageserver {

// By the profile in the picture if there is one that fits it and is not sRGB's own, which goes; and
// for CMYK without one by a usual one. One band for grey, three for the rest, and alpha if there
// was alpha. What it gives, it leaves as it is. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage to_srgb(const vips::VImage& image);

// Whether to_srgb leaves the pixels as they are: grey, or red, green and blue without a profile, or
// with one that does not fit, or that is sRGB's own. By the header alone.
[[nodiscard]] bool is_srgb(const vips::VImage& image);

// Without alpha, on white. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage flatten_on_white(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
