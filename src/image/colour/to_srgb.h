// Converts pictures to sRGB or grey. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
#define IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_

#include <vips/vips8>

namespace imageserver {

// The picture in sRGB or grey. It is converted by its own profile, if that fits the picture and is
// not a profile of sRGB; CMYK without such a profile is converted by a usual one. The profile is
// dropped, unless it cannot be read. The result has one band for grey, three for colour, and alpha
// if there was alpha. Converting it again changes nothing. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage to_srgb(const vips::VImage& image);

// Whether to_srgb leaves the pixels as they are: those of grey, or of red, green and blue, whose
// profile is missing, does not fit, or is one of sRGB. Reads the header alone.
[[nodiscard]] bool is_srgb(const vips::VImage& image);

// The picture laid on white, without alpha. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage flatten_on_white(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
