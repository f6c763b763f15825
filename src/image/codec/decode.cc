#include "image/codec/decode.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "formats/bmp_header.h"
#include "image/codec/bmp.h"
#include "image/codec/metadata.h"
#include "image/colour/colour.h"
#include "image/vips/blob.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

VImage open_bmp(const Bytes& source) {
  Result<Raster> raster = decode_bmp(source.view());
  if (raster.has_error()) throw vips::VError(raster.error().message);
  return from_raster(*std::move(raster));
}

// libvips 8.14 leaves the blocks of a HEIF file in memory of its loader, which is gone before the
// last image that names them.
VImage with_own_blocks(const VImage& image) {
  const VImage result = image.copy();
  for (const char* name : {VIPS_META_EXIF_NAME, VIPS_META_XMP_NAME, VIPS_META_ICC_NAME}) {
    if (image.get_typeof(name) == 0) continue;
    std::size_t size = 0;
    const void* const block = image.get_blob(name, &size);
    vips_image_set_blob_copy(result.get_image(), name, block, size);
  }
  return result;
}

VImage open(const Bytes& source, FileType type, VOption* options) {
  const Blob blob = borrow(source.view());
  options->set("access", VIPS_ACCESS_SEQUENTIAL);
  switch (type) {
    case FileType::kJpeg:
      return VImage::jpegload_buffer(blob.get(), options);
    case FileType::kPng:
      return VImage::pngload_buffer(blob.get(), options);
    case FileType::kGif:
      return VImage::gifload_buffer(blob.get(), options);
    case FileType::kWebp:
      return VImage::webpload_buffer(blob.get(), options);
    case FileType::kAvif:
    case FileType::kHeic:
      return with_own_blocks(VImage::heifload_buffer(blob.get(), options));
    case FileType::kTiff:
      return VImage::tiffload_buffer(blob.get(), options);
    case FileType::kSvg:
      return VImage::svgload_buffer(blob.get(), options);
    case FileType::kPdf:
      // Paper is white, and nothing shows through it.
      return flatten_on_white(VImage::pdfload_buffer(blob.get(), options));
    case FileType::kJxl:
      return VImage::jxlload_buffer(blob.get(), options);
    case FileType::kBmp:
      delete options;
      return open_bmp(source);
  }
  delete options;
  throw vips::VError("no loader for this type");
}

Header header_of_bmp(const Bytes& source) {
  const Result<BmpHeader> header = read_bmp_header(source.view());
  if (header.has_error()) throw vips::VError(header.error().message);
  return {.type = FileType::kBmp, .stored = header->size, .alpha = header->masks.alpha != 0};
}

bool is_device_colour(VipsInterpretation interpretation) {
  return interpretation == VIPS_INTERPRETATION_sRGB || interpretation == VIPS_INTERPRETATION_B_W ||
         interpretation == VIPS_INTERPRETATION_RGB16 ||
         interpretation == VIPS_INTERPRETATION_GREY16 ||
         interpretation == VIPS_INTERPRETATION_CMYK || interpretation == VIPS_INTERPRETATION_RGB ||
         interpretation == VIPS_INTERPRETATION_MULTIBAND;
}

// Of more bands than a picture has, the first three.
VImage usual_bands(const VImage& image) {
  const int most = image.interpretation() == VIPS_INTERPRETATION_CMYK ? 5 : 4;
  return image.bands() <= most ? image : image.extract_band(0, VImage::option()->set("n", 3));
}

VipsInterpretation interpretation_of(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return VIPS_INTERPRETATION_CMYK;
  return image.bands() < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
}

// At full depth the resize would cost twice as much for what 8 bits cannot show.
VImage to_8_bits(const VImage& loaded) {
  const VImage image = usual_bands(loaded);
  if (!is_device_colour(image.interpretation())) {
    return image.colourspace(image.bands() < 3 ? VIPS_INTERPRETATION_B_W
                                               : VIPS_INTERPRETATION_sRGB);
  }
  const VImage bytes = image.format() == VIPS_FORMAT_UCHAR
                           ? image
                           : image.cast(VIPS_FORMAT_UCHAR, VImage::option()->set("shift", true));
  return bytes.copy(VImage::option()->set("interpretation", interpretation_of(image)));
}

void set_scale(FileType type, double scale, VOption* options) {
  if (type == FileType::kJpeg) options->set("shrink", static_cast<int>(std::lround(1 / scale)));
  if (type == FileType::kWebp || is_vector(type)) options->set("scale", scale);
}

bool has_pages(FileType type) {
  return can_move(type) || type == FileType::kTiff || type == FileType::kPdf ||
         type == FileType::kHeic || type == FileType::kAvif;
}

Header header_of_page(const Bytes& source, FileType type, int page) {
  VOption* const options = VImage::option();
  if (page > 0) options->set("page", page);
  const VImage image = open(source, type, options);
  VipsImage* const raw = image.get_image();
  return {.type = type,
          .stored = {image.width(), vips_image_get_page_height(raw)},
          .pages = std::max(1, vips_image_get_n_pages(raw)),
          .orientation = vips_image_get_orientation(raw),
          .alpha = image.has_alpha(),
          .is_srgb = is_srgb(image),
          .has_copyright = has_copyright(image),
          .has_metadata = has_metadata(image)};
}

}  // namespace

Header read_header(const Bytes& source, FileType type, int page) {
  if (type == FileType::kBmp) return header_of_bmp(source);
  const Header first = header_of_page(source, type, 0);
  const bool differs = page > 0 && page < first.pages && has_pages(type) && !can_move(type);
  return differs ? header_of_page(source, type, page) : first;
}

std::string embedded_profile(const Bytes& source, FileType type) {
  if (type == FileType::kBmp) return {};
  const VImage image = open(source, type, VImage::option());
  if (image.get_typeof(VIPS_META_ICC_NAME) == 0) return {};
  std::size_t size = 0;
  const void* const data = image.get_blob(VIPS_META_ICC_NAME, &size);
  return {static_cast<const char*>(data), size};
}

VImage decode(const Bytes& source, const Header& header, const Pages& pages, double scale) {
  VOption* const options = VImage::option();
  options->set("fail_on", VIPS_FAIL_ON_TRUNCATED);
  if (has_pages(header.type)) options->set("page", pages.first)->set("n", pages.count);
  if (scale != 1.0) set_scale(header.type, scale, options);
  return to_8_bits(open(source, header.type, options));
}

}  // namespace imageserver
