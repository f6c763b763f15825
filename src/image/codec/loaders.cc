#include "image/codec/loaders.h"

#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "formats/bmp_header.h"
#include "formats/plain_jpeg.h"
#include "formats/png_chunks.h"
#include "image/codec/bmp.h"
#include "image/codec/colour_notes.h"
#include "image/colour/is_srgb_profile.h"
#include "image/colour/to_srgb.h"
#include "image/heif/open_heif.h"
#include "image/vips/blob.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

}  // namespace

VImage load_png(VipsBlob* file, VOption* options) {
  return with_notes(VImage::pngload_buffer(file, options), png_colour(view(file)));
}

VImage load_heif(VipsBlob* file, int page, VOption* options) {
  const std::unique_ptr<VOption> unused(options);
  return open_heif(view(file), page);
}

VImage load_pdf(VipsBlob* file, VOption* options) {
  return flatten_on_white(VImage::pdfload_buffer(file, options));
}

VImage load_bmp(std::string_view file, const Pages& /*pages*/, double /*scale*/) {
  Result<Raster> raster = decode_bmp(file);
  if (raster.has_error()) throw vips::VError(raster.error().message);
  const VImage image = from_raster(*std::move(raster));
  const std::string_view profile = bmp_profile(file);
  if (!profile.empty()) {
    vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  }
  return image;
}

std::string_view bmp_profile(std::string_view file) {
  const Result<BmpHeader> header = read_bmp_header(file);
  if (header.has_error()) return {};
  return file.substr(header->profile.at, header->profile.length);
}

std::optional<Header> plain_jpeg_header(std::string_view file) {
  const auto size = plain_jpeg_size(file);
  return size ? std::optional(Header{.type = FileType::kJpeg, .stored = *size}) : std::nullopt;
}

Header load_bmp_header(std::string_view file) {
  const Result<BmpHeader> header = read_bmp_header(file);
  if (header.has_error()) throw vips::VError(header.error().message);
  return {.type = FileType::kBmp,
          .stored = header->size,
          .alpha = header->masks.alpha != 0,
          .is_srgb = header->profile.length == 0 || is_srgb_profile(bmp_profile(file))};
}

void set_shrink(double scale, VOption* options) {
  options->set("shrink", static_cast<int>(std::lround(1 / scale)));
}

void set_scale(double scale, VOption* options) { options->set("scale", scale); }

}  // namespace imageserver
