#include "image/steps/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "image/steps/alpha.h"
#include "image/steps/colour_bands.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr double kMiddleGrey = 127.5;

double as_factor(int percent) { return 1 + percent / 100.0; }

VImage grey(const VImage& colour, const TransformSpec& /*spec*/) {
  return colour.colourspace(VIPS_INTERPRETATION_B_W);
}

// Both filters together are one straight line: one table does both.
VImage brighter_and_harder(const VImage& colour, const TransformSpec& spec) {
  constexpr int kValues = 256;
  const double slope = as_factor(spec.contrast);
  Raster table{{kValues, 1}, 1, {}};
  for (int value = 0; value < kValues; ++value) {
    const double tone = kMiddleGrey + slope * (value + spec.brightness * 2.55 - kMiddleGrey);
    table.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(tone, 0.0, 255.0))));
  }
  return colour.maplut(from_raster(view(table)));
}

VImage saturated(const VImage& colour, const TransformSpec& spec) {
  if (colour.bands() < 3) return colour;
  constexpr std::array kLuma = {0.2126, 0.7152, 0.0722};
  const double factor = as_factor(spec.saturation);
  std::vector<double> matrix;
  for (std::size_t row = 0; row < kLuma.size(); ++row) {
    for (std::size_t column = 0; column < kLuma.size(); ++column) {
      matrix.push_back(kLuma.at(column) * (1 - factor) + (row == column ? factor : 0));
    }
  }
  return colour.recomb(VImage::new_matrix(3, 3, matrix.data(), static_cast<int>(matrix.size())))
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB))
      .rint()
      .cast(VIPS_FORMAT_UCHAR);
}

VImage tinted(const VImage& picture, const TransformSpec& spec) {
  const VImage colour = picture.colourspace(VIPS_INTERPRETATION_sRGB);
  const VImage pixel = colour.new_from_image(bands_of(*spec.tint))
                           .extract_area(0, 0, 1, 1)
                           .cast(VIPS_FORMAT_UCHAR)
                           .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  const std::vector<double> lab = pixel.colourspace(VIPS_INTERPRETATION_LAB).getpoint(0, 0);
  return colour.colourspace(VIPS_INTERPRETATION_LAB)
      .extract_band(0)
      .bandjoin_const({lab[1], lab[2]})
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_LAB))
      .colourspace(VIPS_INTERPRETATION_sRGB);
}

struct ToneFilter {
  bool (*is_asked)(const TransformSpec& spec);
  VImage (*apply)(const VImage& colour, const TransformSpec& spec);
};

// In the order in which they are done.
constexpr auto kFilters = std::to_array<ToneFilter>({
    {[](const TransformSpec& spec) { return spec.grayscale; }, grey},
    {[](const TransformSpec& spec) { return spec.brightness != 0 || spec.contrast != 0; },
     brighter_and_harder},
    {[](const TransformSpec& spec) { return spec.saturation != 0; }, saturated},
    {[](const TransformSpec& spec) { return spec.tint.has_value(); }, tinted},
});

VImage tone_colour(const VImage& colour, const TransformSpec& spec) {
  VImage image = colour;
  for (const ToneFilter& filter : kFilters) {
    if (filter.is_asked(spec)) image = filter.apply(image, spec);
  }
  return image;
}

}  // namespace

bool changes_tone(const TransformSpec& spec) {
  return std::ranges::any_of(kFilters,
                             [&spec](const auto& filter) { return filter.is_asked(spec); });
}

VImage toned(const VImage& image, const TransformSpec& spec) {
  return on_colour(image, [&spec](const VImage& colour) { return tone_colour(colour, spec); });
}

}  // namespace imageserver
