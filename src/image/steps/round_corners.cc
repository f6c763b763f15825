#include "image/steps/round_corners.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "image/steps/alpha.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;

// How much of a pixel lies inside a corner, of 255. `across` and `down` are the distance of its
// middle from the centre of the corner.
std::uint8_t coverage(double across, double down, double radius) {
  const double inside = radius + 0.5 - std::hypot(across, down);
  return static_cast<std::uint8_t>(std::lround(std::clamp(inside, 0.0, 1.0) * 255));
}

// How far a pixel lies beyond the straight part of its side, towards the corner.
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

VImage rounded(const VImage& image, int radius) {
  const double most = std::min(image.width(), image.height()) / 2.0;
  const VImage solid = with_alpha(image);
  const VImage corners = mask({image.width(), image.height()}, std::min<double>(radius, most));
  const VImage seen = (alpha_of(solid) * corners / 255).rint().cast(VIPS_FORMAT_UCHAR);
  return colour_of(solid).bandjoin(seen);
}

}  // namespace imageserver
