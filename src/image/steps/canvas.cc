#include "image/steps/canvas.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/steps/alpha.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;

// How much of the pixel whose middle is that far from a corner's centre lies inside, of 255.
std::uint8_t coverage(double across, double down, double radius) {
  const double inside = radius + 0.5 - std::hypot(across, down);
  return static_cast<std::uint8_t>(std::lround(std::clamp(inside, 0.0, 1.0) * 255));
}

// How far a pixel lies from the straight part of its side, towards the corner.
double beyond(int at, int side, double radius) {
  const double middle = at + 0.5;
  return std::max({0.0, radius - middle, middle - (side - radius)});
}

VImage mask(Size size, double radius) {
  Raster raster{size, 1, {}};
  raster.pixels.reserve(static_cast<std::size_t>(size.width) *
                        static_cast<std::size_t>(size.height));
  for (int y = 0; y < size.height; ++y) {
    const double down = beyond(y, size.height, radius);
    for (int x = 0; x < size.width; ++x) {
      const double across = down > 0 ? beyond(x, size.width, radius) : 0;
      raster.pixels.push_back(across > 0 ? coverage(across, down, radius) : 255);
    }
  }
  return from_raster(view(raster));
}

}  // namespace

VImage padded(const VImage& image, const Box& canvas, const std::optional<Colour>& ground) {
  const auto& [left, top, size] = canvas;
  if (canvas == whole_of({image.width(), image.height()})) return image;
  if (!ground || image.has_alpha()) {
    return with_alpha(image).embed(left, top, size.width, size.height);
  }
  const auto [base, colour] = matched(image, *ground);
  return base.embed(
      left, top, size.width, size.height,
      VImage::option()->set("extend", VIPS_EXTEND_BACKGROUND)->set("background", colour));
}

VImage rounded(const VImage& image, int radius) {
  const double most = std::min(image.width(), image.height()) / 2.0;
  const VImage solid = with_alpha(image);
  const VImage corners = mask({image.width(), image.height()}, std::min<double>(radius, most));
  const VImage seen = (alpha_of(solid) * corners / 255).rint().cast(VIPS_FORMAT_UCHAR);
  return colour_of(solid).bandjoin(seen);
}

}  // namespace imageserver
