#include "image/codec/float_samples.h"

namespace imageserver {
namespace {

using vips::VImage;

VipsInterpretation space_of(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return VIPS_INTERPRETATION_CMYK;
  return image.bands() < 3 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
}

}  // namespace

VImage in_16_bits(const VImage& floats) {
  constexpr double kWhite = 65535;
  return (floats * kWhite)
      .rint()
      .cast(VIPS_FORMAT_USHORT)
      .copy(VImage::option()->set("interpretation", space_of(floats)));
}

}  // namespace imageserver
