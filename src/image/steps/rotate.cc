#include "image/steps/rotate.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "image/plan/geometry.h"

namespace imageserver {
namespace {

using vips::VImage;

vips::VInterpolate interpolator(Interpolation interpolation) {
  switch (interpolation) {
    case Interpolation::kNearestNeighbor:
      return vips::VInterpolate::new_from_name("nearest");
    case Interpolation::kLinear:
      return vips::VInterpolate::new_from_name("bilinear");
    case Interpolation::kCubic:
      break;
  }
  return vips::VInterpolate::new_from_name("bicubic");
}

// Half of the way between the middles of the first and the last pixel: libvips counts from middles.
double middle(int side) { return (side - 1) / 2.0; }

// Moves a point so that libvips' nearest neighbour takes the pixel around it, and not the one
// before.
double point_in_pixel(Interpolation interpolation) {
  return interpolation == Interpolation::kNearestNeighbor ? 0.5 : 0.0;
}

// How libvips continues the picture beyond its edge.
struct Beyond {
  VipsExtend extend;
  std::vector<double> ground;
};

VImage turn_about_middle(const VImage& image, double degrees, Interpolation interpolation,
                         const Beyond& beyond) {
  const double angle = degrees * std::numbers::pi / 180;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const Size box = rotated_size({image.width(), image.height()}, degrees);
  const double point = point_in_pixel(interpolation);
  return image.affine({cosine, sine, -sine, cosine},
                      VImage::option()
                          ->set("interpolate", interpolator(interpolation))
                          ->set("oarea", std::vector<int>{0, 0, box.width, box.height})
                          ->set("idx", -middle(image.width()) - point)
                          ->set("idy", -middle(image.height()) - point)
                          ->set("odx", middle(box.width))
                          ->set("ody", middle(box.height))
                          ->set("extend", beyond.extend)
                          ->set("background", beyond.ground)
                          ->set("premultiplied", true));
}

VImage opaque_mask(const VImage& image) {
  return (VImage::black(image.width(), image.height()) + 255).cast(VIPS_FORMAT_UCHAR);
}

}  // namespace

VImage rotated(const VImage& image, double degrees, Interpolation interpolation,
               const std::vector<double>& ground) {
  return turn_about_middle(image, degrees, interpolation, {VIPS_EXTEND_BACKGROUND, ground});
}

// Rotates the colours with their last pixels continued beyond the edge, and the alpha by itself. If
// they were rotated together, both would overshoot at the edge, but only the alpha is clipped at
// 255: the colours would come out too bright.
VImage rotated_on_nothing(const VImage& image, double degrees, Interpolation interpolation) {
  const std::vector<double> black(static_cast<std::size_t>(image.bands()), 0.0);
  const VImage colour = turn_about_middle(image, degrees, interpolation, {VIPS_EXTEND_COPY, black});
  const VImage alpha = rotated(opaque_mask(image), degrees, interpolation, {0.0});
  return colour.bandjoin(alpha).premultiply().rint().cast(VIPS_FORMAT_UCHAR);
}

}  // namespace imageserver
