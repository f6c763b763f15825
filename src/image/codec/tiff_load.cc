#include "image/codec/tiff_load.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "formats/tiff_page.h"
#include "image/codec/ycbcr_tiff.h"
#include "image/vips/blob.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

VImage in_space(const VImage& image, VipsInterpretation space) {
  return image.copy(VImage::option()->set("interpretation", space));
}

// The highest byte of each sample.
VImage high_bytes(const VImage& image) {
  return image.cast(VIPS_FORMAT_UCHAR, VImage::option()->set("shift", true));
}

// libvips divides colours by alpha as if that were 0 to 255: the colours come out 255 times as
// large. It swaps white and black only where samples are integers.
VImage from_floats(const VImage& image, const TiffPage& page) {
  const auto bands = static_cast<std::size_t>(image.bands());
  std::vector<double> factors(bands, 1.0);
  std::vector<double> offsets(bands, 0.0);
  if (page.is_weighed())
    std::fill_n(factors.begin(), std::min<std::size_t>(bands, page.colours()), 1 / 255.0);
  if (page.colour == TiffColour::kMinIsWhite) {
    factors.front() = -factors.front();
    offsets.front() = 1;
  }
  return image.linear(factors, offsets);
}

VImage as_unsigned(const VImage& image, const TiffPage& page) {
  switch (image.format()) {
    case VIPS_FORMAT_CHAR:
      return image.cast(VIPS_FORMAT_UCHAR);
    case VIPS_FORMAT_SHORT:
      return high_bytes(image.cast(VIPS_FORMAT_USHORT));
    case VIPS_FORMAT_INT:
      return high_bytes(image.cast(VIPS_FORMAT_UINT));
    case VIPS_FORMAT_UINT:
      return high_bytes(image);
    case VIPS_FORMAT_FLOAT:
      return from_floats(image, page);
    default:
      return image;
  }
}

// The bands of colour: those of the palette's colours, where there is a palette.
int colours_in(const VImage& image, const TiffPage& page) {
  return image.bands() - static_cast<int>(page.samples - page.colours());
}

VImage without_other_samples(const VImage& image, const TiffPage& page) {
  const int colours = colours_in(image, page);
  if (colours < 1 || colours == image.bands()) return image;
  const VImage colour = image.extract_band(0, VImage::option()->set("n", colours));
  const auto alpha = page.alpha();
  if (!alpha) return colour;
  const int behind = static_cast<int>(*alpha - page.colours());
  return colour.bandjoin(image.extract_band(colours + behind));
}

VipsInterpretation space_of(const VImage& image, int colours) {
  const bool deep = image.format() == VIPS_FORMAT_USHORT;
  if (colours == 3 && image.format() == VIPS_FORMAT_FLOAT) return VIPS_INTERPRETATION_scRGB;
  if (colours == 4) return VIPS_INTERPRETATION_CMYK;
  if (colours == 3) return deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  return deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
}

// Those of TIFF become numbers, where libvips leaves them packed or in other units.
VImage from_lab(const VImage& image) { return image.colourspace(VIPS_INTERPRETATION_sRGB); }

}  // namespace

VImage load_tiff(VipsBlob* file, int page, VOption* options) {
  const auto kind = read_tiff_page(view(file), page);
  if (kind && is_ycbcr_tiff(*kind)) {
    const std::unique_ptr<VOption> unused(options);
    return load_ycbcr_tiff(view(file), page);
  }
  const VImage image = VImage::tiffload_buffer(file, options);
  if (!kind || unread_kind(*kind)) return image;
  if (kind->colour == TiffColour::kLab) return from_lab(image);
  const VImage bytes = without_other_samples(as_unsigned(image, *kind), *kind);
  return in_space(bytes, space_of(bytes, colours_in(image, *kind)));
}

std::optional<std::string> tiff_refusal(std::string_view file, int page) {
  const auto kind = read_tiff_page(file, page);
  const auto words = kind ? unread_kind(*kind) : std::nullopt;
  return words ? std::optional("the TIFF has " + *words) : std::nullopt;
}

}  // namespace imageserver
