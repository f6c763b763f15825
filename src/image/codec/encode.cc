#include "image/codec/encode.h"

#include "image/codec/codec.h"
#include "image/codec/metadata.h"

namespace imageserver {

int default_quality(Format format) { return traits_of(format).default_quality.value_or(0); }

bool has_quality(Format format, const TransformSpec& spec) {
  const ResultTraits& traits = traits_of(format);
  return traits.default_quality && !(traits.lossless && spec.lossless);
}

Bytes encode(const vips::VImage& image, Format format, int quality, const TransformSpec& spec) {
  // Without metadata, a saver that does not strip makes up an EXIF block to hold the resolution.
  vips::VOption* const options = vips::VImage::option()->set("strip", !has_metadata(image));
  return codec_of(file_type_of(format)).writer.write(image, options, quality, spec);
}

}  // namespace imageserver
