#include "image/codec/encode.h"

#include "formats/webp_exif.h"
#include "image/codec/bmp.h"
#include "image/codec/metadata.h"
#include "image/vips/blob.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

constexpr int kNoEffort = 1;

// Bits that count so many colours, as far as PNG has them.
int png_depth(int colours) {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}

Blob save_jpeg(const VImage& image, int quality, const TransformSpec& spec, VOption* options) {
  return Blob(
      image.jpegsave_buffer(options->set("Q", quality)->set("interlace", spec.progressive)));
}

Blob save_png(const VImage& image, const TransformSpec& spec, VOption* options) {
  options->set("interlace", spec.progressive);
  if (!spec.colors) return Blob(image.pngsave_buffer(options));
  // The colours are there already, and are only counted again.
  options->set("palette", true)
      ->set("bitdepth", png_depth(*spec.colors))
      ->set("dither", 0.0)
      ->set("effort", kNoEffort);
  return Blob(image.pngsave_buffer(options));
}

Blob save_gif(const VImage& image, const TransformSpec& spec, VOption* options) {
  options->set("interlace", spec.progressive);
  if (!spec.colors) return Blob(image.gifsave_buffer(options));
  return Blob(image.gifsave_buffer(options->set("dither", 0.0)->set("effort", kNoEffort)));
}

Blob save_webp(const VImage& image, int quality, const TransformSpec& spec, VOption* options) {
  options->set("Q", quality)->set("effort", kWebpEffort)->set("lossless", spec.lossless);
  return Blob(image.webpsave_buffer(options));
}

Blob save_avif(const VImage& image, int quality, const TransformSpec& spec, VOption* options) {
  options->set("Q", quality)
      ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
      ->set("effort", kAvifEffort)
      ->set("bitdepth", 8)
      ->set("lossless", spec.lossless);
  if (spec.lossless) options->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF);
  return Blob(image.heifsave_buffer(options));
}

Blob save_tiff(const VImage& image, VOption* options) {
  options->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE)
      ->set("predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL);
  return Blob(image.tiffsave_buffer(options));
}

Blob save(const VImage& image, Format format, int quality, const TransformSpec& spec) {
  // With nothing to tell, strip: a saver would make up an EXIF block to hold the resolution.
  VOption* const options = VImage::option()->set("strip", !has_metadata(image));
  switch (format) {
    case Format::kJpeg:
      return save_jpeg(image, quality, spec, options);
    case Format::kPng:
      return save_png(image, spec, options);
    case Format::kGif:
      return save_gif(image, spec, options);
    case Format::kWebp:
      return save_webp(image, quality, spec, options);
    case Format::kAvif:
      return save_avif(image, quality, spec, options);
    case Format::kTiff:
      return save_tiff(image, options);
    case Format::kBmp:
      break;
  }
  delete options;
  throw vips::VError("no saver for this format");
}

}  // namespace

int default_quality(Format format) {
  constexpr int kJpeg = 80;
  constexpr int kWebp = 79;
  constexpr int kAvif = 63;
  if (format == Format::kWebp) return kWebp;
  return format == Format::kAvif ? kAvif : kJpeg;
}

bool has_quality(Format format, const TransformSpec& spec) {
  if (format == Format::kJpeg) return true;
  return (format == Format::kWebp || format == Format::kAvif) && !spec.lossless;
}

Bytes encode(const VImage& image, Format format, int quality, const TransformSpec& spec) {
  if (format == Format::kBmp) return encode_bmp(view(to_raster(image)));
  const Blob blob = save(image, format, quality, spec);
  // libvips 8.14 does not strip WebP.
  if (format == Format::kWebp && !has_metadata(image)) return without_exif(view(blob));
  return Bytes::copy(view(blob));
}

}  // namespace imageserver
