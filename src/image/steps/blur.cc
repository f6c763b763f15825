#include "image/steps/blur.h"

#include "image/steps/alpha.h"

namespace imageserver {
namespace {

using vips::VImage;

// The Gaussian ends where it falls below this share of its peak. libvips' own 0.2 would blur a
// fifth less.
constexpr double kCutOff = 0.02;

VImage gaussian(const VImage& image, double sigma) {
  return image.gaussblur(sigma, VImage::option()->set("min_ampl", kCutOff));
}

}  // namespace

VImage blurred(const VImage& image, double sigma) {
  return weighed_by_alpha(image,
                          [sigma](const VImage& weighed) { return gaussian(weighed, sigma); });
}

}  // namespace imageserver
