#include "support/reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <ostream>

#include "image/colour/to_srgb.h"
#include "image/raster/similarity.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;

std::size_t place(const Plane& plane, int x, int y, int band) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.size.width) +
          static_cast<std::size_t>(x)) *
             static_cast<std::size_t>(plane.bands) +
         static_cast<std::size_t>(band);
}

double sinc(double x) {
  const double angle = std::numbers::pi * x;
  return x == 0 ? 1 : std::sin(angle) / angle;
}

double catmull_rom(double x) {
  const double a = std::fabs(x);
  if (a < 1) return 1.5 * a * a * a - 2.5 * a * a + 1;
  return a < 2 ? -0.5 * a * a * a + 2.5 * a * a - 4 * a + 2 : 0;
}

double triangle(double x) { return std::max(0.0, 1 - std::fabs(x)); }

struct Kernel {
  double radius;
  std::function<double(double)> weight;
};

Kernel kernel_for(Resampling resampling) {
  switch (resampling) {
    case Resampling::kLanczos:
      return {3, [](double x) { return std::fabs(x) < 3 ? sinc(x) * sinc(x / 3) : 0; }};
    case Resampling::kCubic:
      return {2, catmull_rom};
    default:
      return {1, triangle};
  }
}

struct Tap {
  int at;
  double weight;
};

// How much of each source pixel lies under a target pixel.
std::vector<Tap> box_taps(int side, int result, int index) {
  const double scale = static_cast<double>(side) / result;
  const double begin = index * scale;
  const double end = begin + scale;
  std::vector<Tap> taps;
  for (int at = static_cast<int>(begin); at < std::min<double>(side, std::ceil(end)); ++at) {
    const double covered = std::min<double>(at + 1, end) - std::max<double>(at, begin);
    if (covered > 1e-9) taps.push_back({at, covered / scale});
  }
  return taps;
}

std::vector<Tap> kernel_taps(int side, int result, int index, const Kernel& kernel) {
  const double scale = static_cast<double>(side) / result;
  const double stretch = std::max(1.0, scale);
  const double centre = (index + 0.5) * scale - 0.5;
  std::vector<Tap> taps;
  double sum = 0;
  const double radius = kernel.radius * stretch;
  for (int at = static_cast<int>(std::ceil(centre - radius)); at <= centre + radius; ++at) {
    const double weight = kernel.weight((at - centre) / stretch);
    taps.push_back({std::clamp(at, 0, side - 1), weight});
    sum += weight;
  }
  for (Tap& tap : taps) tap.weight /= sum;
  return taps;
}

std::vector<Tap> taps_for(int side, int result, int index, Resampling resampling) {
  if (side == result) return {{index, 1}};
  if (resampling == Resampling::kBox && side > result) return box_taps(side, result, index);
  if (resampling == Resampling::kBox || resampling == Resampling::kNearestNeighbor) {
    return {{static_cast<int>((index + 0.5) * side / result), 1}};
  }
  return kernel_taps(side, result, index, kernel_for(resampling));
}

using TapsAt = std::function<std::vector<Tap>(int)>;

Plane along_x(const Plane& plane, int width, const TapsAt& taps_at) {
  Plane result = blank({width, plane.size.height}, plane.bands);
  for (int x = 0; x < width; ++x) {
    const std::vector<Tap> taps = taps_at(x);
    for (int y = 0; y < plane.size.height; ++y) {
      for (int band = 0; band < plane.bands; ++band) {
        for (const Tap& tap : taps) result.at(x, y, band) += tap.weight * plane.at(tap.at, y, band);
      }
    }
  }
  return result;
}

Plane transposed(const Plane& plane) {
  Plane result = blank({plane.size.height, plane.size.width}, plane.bands);
  for (int y = 0; y < plane.size.height; ++y) {
    for (int x = 0; x < plane.size.width; ++x) {
      for (int band = 0; band < plane.bands; ++band) result.at(y, x, band) = plane.at(x, y, band);
    }
  }
  return result;
}

double value_or_nothing(const Plane& plane, int x, int y, int band) {
  const bool inside = x >= 0 && y >= 0 && x < plane.size.width && y < plane.size.height;
  return inside ? plane.at(x, y, band) : 0;
}

double value_between(const Plane& plane, double x, double y, int band,
                     Interpolation interpolation) {
  if (interpolation == Interpolation::kNearestNeighbor) {
    return value_or_nothing(plane, static_cast<int>(std::lround(x)),
                            static_cast<int>(std::lround(y)), band);
  }
  const bool cubic = interpolation == Interpolation::kCubic;
  const int radius = cubic ? 2 : 1;
  double sum = 0;
  for (int at_y = static_cast<int>(std::floor(y)) - radius; at_y <= y + radius; ++at_y) {
    for (int at_x = static_cast<int>(std::floor(x)) - radius; at_x <= x + radius; ++at_x) {
      const double weight = cubic ? catmull_rom(x - at_x) * catmull_rom(y - at_y)
                                  : triangle(x - at_x) * triangle(y - at_y);
      sum += weight * value_or_nothing(plane, at_x, at_y, band);
    }
  }
  return sum;
}

VImage shown(const VImage& image) {
  return flatten_on_white(image).colourspace(VIPS_INTERPRETATION_sRGB);
}

}  // namespace

double& Plane::at(int x, int y, int band) { return values.at(place(*this, x, y, band)); }

double Plane::at(int x, int y, int band) const { return values.at(place(*this, x, y, band)); }

double Plane::clamped(int x, int y, int band) const {
  return at(std::clamp(x, 0, size.width - 1), std::clamp(y, 0, size.height - 1), band);
}

Plane blank(Size size, int bands) {
  const auto count = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) *
                     static_cast<std::size_t>(bands);
  return {size, bands, std::vector<double>(count)};
}

Plane plane_of(const VImage& image) {
  const Raster raster = to_raster(image);
  return {raster.size, raster.bands, {raster.pixels.begin(), raster.pixels.end()}};
}

VImage image_of(const Plane& plane) {
  Raster raster{plane.size, plane.bands, {}};
  raster.pixels.reserve(plane.values.size());
  for (const double value : plane.values) {
    raster.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
  }
  return from_raster(view(raster));
}

Plane changed(const Plane& plane, const std::function<double(double, int)>& change) {
  Plane result = plane;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    const auto band = static_cast<int>(i % static_cast<std::size_t>(plane.bands));
    result.values[i] = change(result.values[i], band);
  }
  return result;
}

Plane premultiplied(const Plane& plane) {
  Plane result = plane;
  const int alpha = plane.bands - 1;
  for (int y = 0; y < plane.size.height; ++y) {
    for (int x = 0; x < plane.size.width; ++x) {
      for (int band = 0; band < alpha; ++band) result.at(x, y, band) *= plane.at(x, y, alpha) / 255;
    }
  }
  return result;
}

Plane unpremultiplied(const Plane& plane) {
  Plane result = plane;
  const int alpha = plane.bands - 1;
  for (int y = 0; y < plane.size.height; ++y) {
    for (int x = 0; x < plane.size.width; ++x) {
      const double seen = plane.at(x, y, alpha);
      result.at(x, y, alpha) = std::clamp(seen, 0.0, 255.0);
      for (int band = 0; band < alpha; ++band)
        result.at(x, y, band) = seen > 0 ? plane.at(x, y, band) * 255 / seen : 0;
    }
  }
  return result;
}

Plane resampled(const Plane& plane, Size size, Resampling resampling) {
  const auto to = [resampling](const Plane& from, int width) {
    return along_x(from, width, [&from, width, resampling](int x) {
      return taps_for(from.size.width, width, x, resampling);
    });
  };
  // The side that shrinks more goes first: there is less left to do.
  if (std::int64_t{size.width} * plane.size.height < std::int64_t{size.height} * plane.size.width)
    return transposed(to(transposed(to(plane, size.width)), size.height));
  return to(transposed(to(transposed(plane), size.height)), size.width);
}

Plane gauss(const Plane& plane, double sigma) {
  const auto taps_at = [sigma](int side) {
    return [sigma, side](int at) {
      const int radius = static_cast<int>(std::ceil(5 * sigma));
      std::vector<Tap> taps;
      double sum = 0;
      for (int i = -radius; i <= radius; ++i) {
        const double weight = std::exp(-i * i / (2 * sigma * sigma));
        taps.push_back({std::clamp(at + i, 0, side - 1), weight});
        sum += weight;
      }
      for (Tap& tap : taps) tap.weight /= sum;
      return taps;
    };
  };
  const Plane wide = along_x(plane, plane.size.width, taps_at(plane.size.width));
  return transposed(along_x(transposed(wide), plane.size.height, taps_at(plane.size.height)));
}

Plane turned_by(const Plane& plane, double degrees, Size box, Interpolation interpolation) {
  const double angle = degrees * std::numbers::pi / 180;
  Plane result = blank(box, plane.bands);
  for (int y = 0; y < box.height; ++y) {
    for (int x = 0; x < box.width; ++x) {
      const double right = x + 0.5 - box.width / 2.0;
      const double down = y + 0.5 - box.height / 2.0;
      const double from_x = right * std::cos(angle) - down * std::sin(angle);
      const double from_y = right * std::sin(angle) + down * std::cos(angle);
      for (int band = 0; band < plane.bands; ++band) {
        result.at(x, y, band) =
            value_between(plane, from_x + plane.size.width / 2.0 - 0.5,
                          from_y + plane.size.height / 2.0 - 0.5, band, interpolation);
      }
    }
  }
  return result;
}

double light_of(double level) {
  const double value = level / 255;
  return 255 * (value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
}

double level_of(double light) {
  const double value = std::clamp(light / 255, 0.0, 1.0);
  return 255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * std::pow(value, 1 / 2.4) - 0.055);
}

Distance levels_between(const VImage& a, const VImage& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  EXPECT_EQ(a.bands(), b.bands());
  if (a.width() != b.width() || a.height() != b.height() || a.bands() != b.bands())
    return {255, 255};
  const VImage difference = (a - b).abs();
  return {difference.avg(), difference.max()};
}

Distance looks_apart(const VImage& a, const VImage& b) {
  const auto on = [](const VImage& image, double level) {
    return image.has_alpha() ? image.flatten(VImage::option()->set("background", level)) : image;
  };
  const Distance on_white = levels_between(on(a, 255), on(b, 255));
  const Distance on_black = levels_between(on(a, 0), on(b, 0));
  return {std::max(on_white.mean, on_black.mean), std::max(on_white.most, on_black.most)};
}

Distance delta_e(const VImage& a, const VImage& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  if (a.width() != b.width() || a.height() != b.height()) return {100, 100};
  const auto lab = [](const VImage& image) {
    return shown(image).colourspace(VIPS_INTERPRETATION_LAB);
  };
  const VImage difference = lab(a).dE00(lab(b));
  return {difference.avg(), difference.max()};
}

double similarity_between(const VImage& a, const VImage& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  if (a.width() != b.width() || a.height() != b.height()) return 0;
  return structural_similarity(view(to_raster(shown(a))), view(to_raster(shown(b))));
}

void PrintTo(const Distance& distance, std::ostream* out) {
  *out << "mean " << distance.mean << ", most " << distance.most;
}

}  // namespace imageserver
