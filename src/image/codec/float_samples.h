// Floating-point samples become integers. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_
#define IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_

#include <vips/vips8>

namespace imageserver {

// From 0 (black, seen through) to 1 (white, opaque); what lies beyond is cut off. Samples in the
// space of a profile, grey and CMYK become 16 bits of the same space. RGB without a profile is
// scRGB (IEC 61966-2-2), in linear light, and becomes sRGB. Lazy. REQUIRES: floating-point samples
// of scRGB, grey or CMYK, with or without alpha.
[[nodiscard]] vips::VImage without_floats(const vips::VImage& image);

// Whether these are samples that without_floats() takes.
[[nodiscard]] bool has_floats(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_
