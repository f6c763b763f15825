#include "image/steps/trim.h"

#include <algorithm>
#include <vector>

#include "image/steps/alpha.h"
#include "image/vips/kill_switch.h"

namespace imageserver {
namespace {

using vips::VImage;

// The bands that are compared, and the border's values in them. If the first pixel is transparent,
// alpha is compared; else the colours, laid on the colour of the first pixel.
struct Layer {
  VImage image;
  std::vector<double> border;
};

Layer border_layer(const VImage& image) {
  std::vector<double> first = image.getpoint(0, 0);
  if (!image.has_alpha()) return {image, first};
  if (first.back() == 0) return {alpha_of(image), {0.0}};
  first.pop_back();
  return {image.flatten(VImage::option()->set("background", first)), first};
}

}  // namespace

Box without_border(const VImage& image, double threshold, const std::stop_token& stop) {
  const Box all = whole_of({image.width(), image.height()});
  // find_trim takes medians of 3 by 3 pixels.
  if (image.width() < 3 || image.height() < 3) return all;
  const KillSwitch kill(image, stop);
  const Layer layer = border_layer(image);
  int top = 0;
  int width = 0;
  int height = 0;
  const int left = layer.image.find_trim(
      &top, &width, &height,
      VImage::option()->set("threshold", threshold)->set("background", layer.border));
  if (width == 0 || height == 0) return all;
  return {left, top, {width, height}};
}

Box united(const Box& a, const Box& b) {
  const int left = std::min(a.left, b.left);
  const int top = std::min(a.top, b.top);
  const int right = std::max(a.left + a.size.width, b.left + b.size.width);
  const int bottom = std::max(a.top + a.size.height, b.top + b.size.height);
  return {left, top, {right - left, bottom - top}};
}

}  // namespace imageserver
