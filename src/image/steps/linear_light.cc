#include "image/steps/linear_light.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/colour/srgb_curve.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr std::size_t kLightLevels = 65536;

std::array<float, 256> make_light_table() {
  std::array<float, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table.at(i) =
        static_cast<float>(light_of_srgb(static_cast<double>(i) / 255) * (kLightLevels - 1));
  }
  return table;
}

std::vector<std::uint8_t> make_value_table() {
  std::vector<std::uint8_t> table(kLightLevels);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = srgb_of_light(static_cast<double>(i) / (kLightLevels - 1));
    table[i] = static_cast<std::uint8_t>(std::lround(value * 255));
  }
  return table;
}

// libvips takes no pointers to const, and only reads.
VImage light_table() {
  static const std::array<float, 256> table = make_light_table();
  return VImage::new_from_memory(const_cast<float*>(table.data()), sizeof(table), 256, 1, 1,
                                 VIPS_FORMAT_FLOAT);
}

VImage value_table() {
  static const std::vector<std::uint8_t> table = make_value_table();
  return VImage::new_from_memory(const_cast<std::uint8_t*>(table.data()), table.size(),
                                 static_cast<int>(table.size()), 1, 1, VIPS_FORMAT_UCHAR);
}

VImage as_light(const VImage& colour) { return colour.maplut(light_table()); }

VImage as_values(const VImage& light) {
  return light.rint().cast(VIPS_FORMAT_USHORT).maplut(value_table());
}

}  // namespace

VImage in_linear_light(const VImage& image, const Filter& filter) {
  const VipsInterpretation interpretation = image.interpretation();
  VImage result = image;
  if (image.has_alpha()) {
    const VImage light = as_light(colour_of(image))
                             .bandjoin(alpha_of(image).cast(VIPS_FORMAT_FLOAT))
                             .copy(VImage::option()->set("interpretation", interpretation));
    const VImage done = filter(light.premultiply()).unpremultiply();
    result = as_values(colour_of(done)).bandjoin(alpha_of(done).rint().cast(VIPS_FORMAT_UCHAR));
  } else {
    result = as_values(filter(as_light(image)));
  }
  return result.copy(VImage::option()->set("interpretation", interpretation));
}

}  // namespace imageserver
