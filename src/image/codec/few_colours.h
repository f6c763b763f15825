// Reduces a picture to few colours, before it is encoded with a palette. Threads: any, each with
// pictures of its own.

#ifndef IMAGESERVER_IMAGE_CODEC_FEW_COLOURS_H_
#define IMAGESERVER_IMAGE_CODEC_FEW_COLOURS_H_

#include <stop_token>
#include <vips/vips8>

#include "formats/image.h"
#include "params/transform_spec.h"

namespace imageserver {

// Whether `spec.colors` counts: it is given, and the format can have few colours.
[[nodiscard]] bool has_palette(Format format, const TransformSpec& spec);

// Each frame in at most so many colours (reduce_colours), sRGB and alpha; metadata stays. Evaluates
// the picture, and stops soon after `stop` is requested. Throws vips::VError.
[[nodiscard]] vips::VImage with_few_colours(const vips::VImage& image, int colours,
                                            const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_FEW_COLOURS_H_
