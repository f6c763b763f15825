// The last step: pixels become a file.

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

// `quality` counts where there is one; of `spec` what is said on the encoding: colors, lossless,
// progressive, and whether there is metadata to be written. REQUIRES: an image from
// strip_metadata; without alpha for JPEG, and with few colours (with_few_colours) if colors says
// so. Throws vips::VError.
[[nodiscard]] Bytes encode(const vips::VImage& image, Format format, int quality,
                           const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ENCODE_H_
