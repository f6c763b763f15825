#include "image/codec/savers.h"

#include <cstdint>
#include <memory>
#include <new>

#include "formats/heif_items.h"
#include "formats/webp_exif.h"
#include "image/codec/animation.h"
#include "image/codec/avif_lossless.h"
#include "image/codec/bmp.h"
#include "image/codec/effort.h"
#include "image/codec/metadata.h"
#include "image/codec/png_encode.h"
#include "image/vips/blob.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

constexpr int kNoEffort = 1;

// The most pixels that are held in memory for a PNG. libvips writes a larger one row by row.
constexpr std::int64_t kMostPngPixels = 4'000'000;

// zlib's. With filters it takes as long as libvips' usual 6 without, for a sixth fewer bytes.
constexpr int kPngCompression = 4;

// How many bits PNG needs for so many colours.
int png_depth(int colours) {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}

bool is_written_by_us(const VImage& image, const TransformSpec& spec) {
  return !spec.progressive && !has_metadata(image) &&
         area({image.width(), image.height()}) <= kMostPngPixels;
}

// Takes the blob over.
Bytes bytes_of(VipsBlob* saved) { return Bytes::copy(view(Blob(saved))); }

// libheif calls it a success when its encoder could start no thread: the file then has a head, and
// no picture.
Bytes with_pictures(Bytes avif) {
  const auto items = HeifItems::read(avif.view());
  if (!items || !has_coded_pictures(*items)) throw std::bad_alloc();
  return avif;
}

}  // namespace

Bytes save_jpeg(const VImage& image, VOption* options, int quality, const TransformSpec& spec) {
  const Size size{image.width(), image.height()};
  options->set("Q", quality)
      ->set("interlace", spec.progressive)
      ->set("optimize_coding", is_optimised(size));
  return bytes_of(image.jpegsave_buffer(options));
}

Bytes save_png(const VImage& image, VOption* options, int /*quality*/, const TransformSpec& spec) {
  if (is_written_by_us(image, spec)) {
    const std::unique_ptr<VOption> unused(options);
    return encode_png(view(to_raster(image)));
  }
  options->set("interlace", spec.progressive);
  if (!spec.colors) {
    options->set("filter", VIPS_FOREIGN_PNG_FILTER_ALL)->set("compression", kPngCompression);
    return bytes_of(image.pngsave_buffer(options));
  }
  // The picture has few colours already: the saver only counts them again.
  options->set("palette", true)
      ->set("bitdepth", png_depth(*spec.colors))
      ->set("dither", 0.0)
      ->set("effort", kNoEffort);
  return bytes_of(image.pngsave_buffer(options));
}

Bytes save_gif(const VImage& image, VOption* options, int /*quality*/, const TransformSpec& spec) {
  options->set("interlace", spec.progressive);
  if (spec.colors) options->set("dither", 0.0)->set("effort", kNoEffort);
  return bytes_of(with_gif_delays(image).gifsave_buffer(options));
}

Bytes save_webp(const VImage& image, VOption* options, int quality, const TransformSpec& spec) {
  options->set("Q", quality)->set("effort", kWebpEffort)->set("lossless", spec.lossless);
  const Blob saved(image.webpsave_buffer(options));
  // libvips 8.14 does not strip WebP.
  return has_metadata(image) ? Bytes::copy(view(saved)) : without_exif(view(saved));
}

Bytes save_avif(const VImage& image, VOption* options, int quality, const TransformSpec& spec) {
  if (spec.lossless) {
    const std::unique_ptr<VOption> unused(options);
    return with_pictures(encode_lossless_avif(image));
  }
  options->set("Q", quality)
      ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
      ->set("effort", kAvifEffort)
      ->set("bitdepth", 8);
  return with_pictures(bytes_of(image.heifsave_buffer(options)));
}

Bytes save_tiff(const VImage& image, VOption* options, int /*quality*/,
                const TransformSpec& /*spec*/) {
  return bytes_of(
      image.tiffsave_buffer(options->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE)
                                ->set("predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL)));
}

Bytes save_bmp(const VImage& image, VOption* options, int /*quality*/,
               const TransformSpec& /*spec*/) {
  const std::unique_ptr<VOption> unused(options);
  return encode_bmp(view(to_raster(image)));
}

}  // namespace imageserver
