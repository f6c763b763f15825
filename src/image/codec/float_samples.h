// Floating-point samples become integers. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_
#define IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_

#include <vips/vips8>

namespace imageserver {

// Samples of 16 bits: 0 (black, seen through) becomes 0 and 1 (white, opaque) 65535; what lies
// beyond is cut off, and what is no number is 0. The profile stays the one of these samples. Lazy.
// REQUIRES: floating-point samples of grey, RGB or CMYK, with or without alpha.
[[nodiscard]] vips::VImage in_16_bits(const vips::VImage& floats);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_FLOAT_SAMPLES_H_
