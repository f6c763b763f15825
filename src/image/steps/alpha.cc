#include "image/steps/alpha.h"

#include <vector>

#include "image/steps/colour_bands.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr int kOpaque = 255;

VImage to_bytes(const VImage& image) {
  return image.format() == VIPS_FORMAT_UCHAR ? image : image.rint().cast(VIPS_FORMAT_UCHAR);
}

VImage as_rgb(const VImage& image) {
  return image.bands() < 3 ? image.colourspace(VIPS_INTERPRETATION_sRGB) : image;
}

}  // namespace

VImage colour_of(const VImage& image) {
  return image.extract_band(0, VImage::option()->set("n", image.bands() - 1));
}

VImage alpha_of(const VImage& image) { return image.extract_band(image.bands() - 1); }

VImage with_alpha(const VImage& image) {
  return image.has_alpha() ? image : image.bandjoin_const({double{kOpaque}});
}

VImage weighed(const VImage& image) { return image.premultiply(); }

VImage unweighed(const VImage& weighed) { return to_bytes(weighed.unpremultiply()); }

VImage weighed_by_alpha(const VImage& image, const Filter& filter) {
  if (!image.has_alpha()) return to_bytes(filter(image));
  return unweighed(filter(weighed(image)));
}

VImage on_colour(const VImage& image, const Filter& filter) {
  if (!image.has_alpha()) return to_bytes(filter(image));
  return to_bytes(filter(colour_of(image))).bandjoin(alpha_of(image));
}

Matched matched(const VImage& image, const Colour& colour) {
  Matched result{is_grey(colour) ? image : as_rgb(image), bands_of(colour)};
  if (result.image.bands() < 3) result.colour.resize(1);
  return result;
}

VImage laid_on(const VImage& image, const Colour& background) {
  if (!image.has_alpha()) return image;
  if (background.alpha == kOpaque) {
    const auto [base, colour] = matched(image, background);
    return base.flatten(VImage::option()->set("background", colour));
  }
  const VImage base = as_rgb(image);
  std::vector<double> bands = bands_of(background);
  bands.push_back(background.alpha);
  const VImage plane = base.new_from_image(bands)
                           .cast(VIPS_FORMAT_UCHAR)
                           .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  return to_bytes(plane.composite2(base, VIPS_BLEND_MODE_OVER));
}

}  // namespace imageserver
