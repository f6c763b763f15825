#include "image/steps/pad.h"

#include "image/steps/alpha.h"

namespace imageserver {

using vips::VImage;

VImage padded(const VImage& image, const Box& canvas, const std::optional<Colour>& ground) {
  const auto& [left, top, size] = canvas;
  if (!ground || image.has_alpha()) {
    return with_alpha(image).embed(left, top, size.width, size.height);
  }
  const auto [base, colour] = matched(image, *ground);
  return base.embed(
      left, top, size.width, size.height,
      VImage::option()->set("extend", VIPS_EXTEND_BACKGROUND)->set("background", colour));
}

}  // namespace imageserver
