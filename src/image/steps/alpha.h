// Colour and what it shows of what is behind it.

#ifndef IMAGESERVER_IMAGE_STEPS_ALPHA_H_
#define IMAGESERVER_IMAGE_STEPS_ALPHA_H_

#include <functional>
#include <vector>
#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// Everything here is lazy, takes 8 bits a band and gives as many, and throws vips::VError.
using Step = std::function<vips::VImage(const vips::VImage&)>;

// All bands but the alpha, and the alpha. REQUIRES: there is alpha.
[[nodiscard]] vips::VImage colour_of(const vips::VImage& image);
[[nodiscard]] vips::VImage alpha_of(const vips::VImage& image);

// The picture, in red, green and blue if the colour is not grey, and the colour (without its alpha)
// in as many bands as the picture has beside alpha.
struct Matched {
  vips::VImage image;
  std::vector<double> colour;
};
[[nodiscard]] Matched matched(const vips::VImage& image, const Colour& colour);

// The picture with an alpha band, opaque where it had none.
[[nodiscard]] vips::VImage with_alpha(const vips::VImage& image);

// Colours into which alpha is multiplied, in floats. REQUIRES: there is alpha.
[[nodiscard]] vips::VImage weighed(const vips::VImage& image);

// The way back, to bytes.
[[nodiscard]] vips::VImage unweighed(const vips::VImage& weighed);

// `step` on colours into which alpha is multiplied, so that what is not seen takes no part; without
// alpha on the colours as they are. The alpha goes through the same step.
[[nodiscard]] vips::VImage weighed_by_alpha(const vips::VImage& image, const Step& step);

// `step` on the colour bands alone; alpha stays as it is.
[[nodiscard]] vips::VImage on_colour(const vips::VImage& image, const Step& step);

// Laid on a background, which may itself be seen through: then the result has alpha.
[[nodiscard]] vips::VImage laid_on(const vips::VImage& image, const Colour& background);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_ALPHA_H_
