#include "image/steps/watermark.h"

#include <algorithm>
#include <cmath>

#include "image/steps/alpha.h"

namespace imageserver {
namespace {

using vips::VImage;

int at_least_1(double side) { return std::max(1, static_cast<int>(std::lround(side))); }

VImage fainter(const VImage& mark, double opacity) {
  if (opacity >= 1) return mark;
  return (mark * std::vector<double>{1, 1, 1, opacity}).rint().cast(VIPS_FORMAT_UCHAR);
}

// sRGB and alpha.
VImage as_overlay(const VImage& mark) {
  return with_alpha(mark.colourspace(VIPS_INTERPRETATION_sRGB));
}

}  // namespace

Size mark_size(Size mark, Size picture, double scale, double dpr) {
  const double wanted = scale > 0 ? scale * picture.width / mark.width : dpr;
  const double most = std::min(static_cast<double>(picture.width) / mark.width,
                               static_cast<double>(picture.height) / mark.height);
  const double factor = std::min(wanted, most);
  return {std::min(picture.width, at_least_1(mark.width * factor)),
          std::min(picture.height, at_least_1(mark.height * factor))};
}

VImage marked(const VImage& picture, const VImage& mark, const Watermark& watermark) {
  const VImage base = picture.colourspace(VIPS_INTERPRETATION_sRGB);
  const VImage overlay = fainter(as_overlay(mark), watermark.opacity);
  const auto room = [](int side, int part, double fraction) {
    return static_cast<int>(std::lround((side - part) * fraction));
  };
  const int x = room(picture.width(), mark.width(), watermark.gravity.x);
  const int y = room(picture.height(), mark.height(), watermark.gravity.y);
  const VImage both =
      base.composite2(overlay, VIPS_BLEND_MODE_OVER, VImage::option()->set("x", x)->set("y", y));
  const VImage bytes = both.rint().cast(VIPS_FORMAT_UCHAR);
  return bytes.extract_band(0, VImage::option()->set("n", base.bands()));
}

}  // namespace imageserver
