// The last step: pixels become a file. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_CODEC_ENCODE_H_
#define IMAGESERVER_IMAGE_CODEC_ENCODE_H_

#include <vips/vips8>

#include "base/bytes.h"
#include "formats/image.h"
#include "params/transform_spec.h"

namespace imageserver {

// The quality of a result that asks for none; 0 if the format has no quality.
[[nodiscard]] int default_quality(Format format);

// Whether a file's size follows from a quality.
[[nodiscard]] bool has_quality(Format format, const TransformSpec& spec);

// The file. `quality` counts if has_quality(); of `spec` count colors, lossless and progressive.
// The metadata of the image is written, but no block that only holds the resolution. REQUIRES: an
// image from strip_metadata(); without alpha for JPEG; from with_few_colours() if has_palette().
// Throws vips::VError.
[[nodiscard]] Bytes encode(const vips::VImage& image, Format format, int quality,
                           const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ENCODE_H_
