#include "image/codec/float_samples.h"

#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

VipsInterpretation space_of(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return VIPS_INTERPRETATION_CMYK;
  return image.bands() < 3 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
}

VImage in_16_bits(const VImage& floats) {
  constexpr double kWhite = 65535;
  return (floats * kWhite)
      .rint()
      .cast(VIPS_FORMAT_USHORT)
      .copy(VImage::option()->set("interpretation", space_of(floats)));
}

// libvips converts the colours, and takes alpha for 0 to 255.
VImage from_light(const VImage& image) {
  constexpr double kOpaque = 255;
  const std::vector<double> nothing(4, 0.0);
  const VImage levels = image.has_alpha() ? image.linear({1, 1, 1, kOpaque}, nothing) : image;
  return levels.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_scRGB))
      .colourspace(VIPS_INTERPRETATION_sRGB);
}

}  // namespace

VImage without_floats(const VImage& image) {
  const bool is_light = image.interpretation() == VIPS_INTERPRETATION_scRGB &&
                        image.get_typeof(VIPS_META_ICC_NAME) == 0;
  return is_light ? from_light(image) : in_16_bits(image);
}

bool has_floats(const VImage& image) {
  const VipsInterpretation space = image.interpretation();
  return image.format() == VIPS_FORMAT_FLOAT &&
         (space == VIPS_INTERPRETATION_scRGB || space == VIPS_INTERPRETATION_B_W ||
          space == VIPS_INTERPRETATION_CMYK);
}

}  // namespace imageserver
