#include "image/codec/decode.h"

#include <algorithm>
#include <cstddef>

#include "image/codec/codec.h"
#include "image/codec/float_samples.h"
#include "image/codec/metadata.h"
#include "image/colour/to_srgb.h"
#include "image/heif/open_heif.h"
#include "image/vips/blob.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

// The page in `options` is `page`, where the type has pages.
VImage open(const Bytes& source, FileType type, int page, VOption* options) {
  const Blob blob = borrow(source.view());
  options->set("access", VIPS_ACCESS_SEQUENTIAL);
  const Reader& reader = codec_of(type).reader;
  return reader.open_page != nullptr ? reader.open_page(blob.get(), page, options)
                                     : reader.open(blob.get(), options);
}

bool is_device_colour(VipsInterpretation interpretation) {
  return interpretation == VIPS_INTERPRETATION_sRGB || interpretation == VIPS_INTERPRETATION_B_W ||
         interpretation == VIPS_INTERPRETATION_RGB16 ||
         interpretation == VIPS_INTERPRETATION_GREY16 ||
         interpretation == VIPS_INTERPRETATION_CMYK || interpretation == VIPS_INTERPRETATION_RGB ||
         interpretation == VIPS_INTERPRETATION_MULTIBAND;
}

// The picture, or its first three bands if it has more bands than colour and alpha need.
VImage usual_bands(const VImage& image) {
  const int most = image.interpretation() == VIPS_INTERPRETATION_CMYK ? 5 : 4;
  return image.bands() <= most ? image : image.extract_band(0, VImage::option()->set("n", 3));
}

VipsInterpretation interpretation_of(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return VIPS_INTERPRETATION_CMYK;
  return image.bands() < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
}

// In sRGB where that takes little time. This comes before the cut to 8 bits, in which HDR would
// show steps.
VImage converted(const VImage& image) {
  const bool has_levels =
      image.format() == VIPS_FORMAT_UCHAR || image.format() == VIPS_FORMAT_USHORT;
  return has_levels ? to_srgb_if_cheap(image) : image;
}

// At full depth the resize would cost twice as much for what 8 bits cannot show.
VImage to_8_bits(const VImage& loaded) {
  const VImage bands = usual_bands(loaded);
  const VImage usual = has_floats(bands) ? without_floats(bands) : bands;
  if (!is_device_colour(usual.interpretation())) {
    return without_marks(usual).colourspace(usual.bands() < 3 ? VIPS_INTERPRETATION_B_W
                                                              : VIPS_INTERPRETATION_sRGB);
  }
  const VImage image = converted(usual);
  const VImage bytes = image.format() == VIPS_FORMAT_UCHAR
                           ? image
                           : image.cast(VIPS_FORMAT_UCHAR, VImage::option()->set("shift", true));
  return bytes.copy(VImage::option()->set("interpretation", interpretation_of(image)));
}

Header header_of_page(const Bytes& source, FileType type, int page) {
  VOption* const options = VImage::option();
  if (page > 0) options->set("page", page);
  const VImage image = open(source, type, page, options);
  VipsImage* const raw = image.get_image();
  return {.type = type,
          .stored = {image.width(), vips_image_get_page_height(raw)},
          .pages = std::max(1, vips_image_get_n_pages(raw)),
          .orientation = vips_image_get_orientation(raw),
          .alpha = image.has_alpha(),
          .is_srgb = is_srgb(image),
          .is_dear = is_dear(image),
          .has_copyright = has_copyright(image),
          .has_metadata = has_metadata(image),
          .coded_pixels = coded_pixels(image)};
}

}  // namespace

std::optional<Error> refusal_of(const Bytes& source, FileType type, int page) {
  const auto refusal = codec_of(type).reader.refusal;
  const auto words = refusal == nullptr ? std::nullopt : refusal(source.view(), page);
  return words ? std::optional(Error{ErrorKind::kUnprocessable, *words}) : std::nullopt;
}

std::optional<Size> claimed_size(const Bytes& source, FileType type) {
  const auto claimed = codec_of(type).reader.claimed_size;
  return claimed == nullptr ? std::nullopt : claimed(source.view());
}

Header read_header(const Bytes& source, FileType type, int page) {
  const Reader& reader = codec_of(type).reader;
  if (reader.header != nullptr) return reader.header(source.view());
  if (reader.quick_header != nullptr)
    if (auto header = reader.quick_header(source.view())) return *std::move(header);
  const Header first = header_of_page(source, type, 0);
  const FormatRow& row = row_of(type);
  const bool differs = page > 0 && page < first.pages && row.pages && !row.animation;
  return differs ? header_of_page(source, type, page) : first;
}

std::string embedded_profile(const Bytes& source, FileType type) {
  const Reader& reader = codec_of(type).reader;
  if (reader.profile != nullptr) return std::string(reader.profile(source.view()));
  if (reader.read != nullptr) return {};
  const VImage image = open(source, type, 0, VImage::option());
  if (image.get_typeof(VIPS_META_ICC_NAME) == 0) return {};
  std::size_t size = 0;
  const void* const data = image.get_blob(VIPS_META_ICC_NAME, &size);
  return {static_cast<const char*>(data), size};
}

VImage decode(const Bytes& source, const Header& header, const Pages& pages, double scale,
              Doubt doubt) {
  const Reader& reader = codec_of(header.type).reader;
  const bool is_doubtful = doubt == Doubt::kEnd && reader.has_all_pixels != nullptr;
  if (is_doubtful && !reader.has_all_pixels(source.view()))
    throw vips::VError("pixels are missing");
  if (reader.read != nullptr) return to_8_bits(reader.read(source.view(), pages, scale));
  VOption* const options = VImage::option();
  options->set("fail_on", VIPS_FAIL_ON_TRUNCATED);
  if (row_of(header.type).pages) options->set("page", pages.first)->set("n", pages.count);
  if (scale != 1.0 && reader.set_scale != nullptr) reader.set_scale(scale, options);
  return to_8_bits(open(source, header.type, pages.first, options));
}

}  // namespace imageserver
