#include "image/encode.h"

#include "image/blob.h"
#include "image/metadata.h"
#include "image/webp_exif.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

constexpr int kWebpEffort = 4;

Blob save(const VImage& image, Format format, std::optional<int> quality, VOption* options) {
  switch (format) {
    case Format::kJpeg:
      return Blob(image.jpegsave_buffer(options->set("Q", quality.value_or(kJpegQuality))));
    case Format::kPng:
      return Blob(image.pngsave_buffer(options));
    case Format::kGif:
      return Blob(image.gifsave_buffer(options));
    case Format::kWebp:
      return Blob(image.webpsave_buffer(
          options->set("Q", quality.value_or(kWebpQuality))->set("effort", kWebpEffort)));
  }
  throw vips::VError("no saver for this format");
}

}  // namespace

Bytes encode(const VImage& image, Format format, std::optional<int> quality) {
  // With nothing to tell, strip: a saver would make up an EXIF block to hold the resolution.
  VOption* const options = VImage::option()->set("strip", !has_copyright(image));
  const Blob blob = save(image, format, quality, options);
  // libvips 8.14 does not strip WebP.
  if (format == Format::kWebp && !has_copyright(image)) return without_exif(view(blob));
  return Bytes::copy(view(blob));
}

}  // namespace imageserver
