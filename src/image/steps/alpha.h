// Alpha helpers: split, multiply into the colours, filter with alpha as weight, composite. Threads:
// any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_ALPHA_H_
#define IMAGESERVER_IMAGE_STEPS_ALPHA_H_

#include <functional>
#include <vector>
#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// Everything here is lazy and throws vips::VError. Pictures have 8 bits a band unless it says
// otherwise.

// A change of a picture that keeps its bands.
using Filter = std::function<vips::VImage(const vips::VImage&)>;

// All bands but the alpha, and the alpha. REQUIRES: there is alpha.
[[nodiscard]] vips::VImage colour_of(const vips::VImage& image);
[[nodiscard]] vips::VImage alpha_of(const vips::VImage& image);

// A picture and a colour with equal bands, but for the picture's alpha. A grey picture becomes sRGB
// if the colour is not grey. The colour's own alpha is left out.
struct Matched {
  vips::VImage image;
  std::vector<double> colour;
};
[[nodiscard]] Matched matched(const vips::VImage& image, const Colour& colour);

// The picture with an alpha band, opaque where it had none.
[[nodiscard]] vips::VImage with_alpha(const vips::VImage& image);

// Alpha multiplied into the colours (premultiplied), in floats. REQUIRES: there is alpha.
[[nodiscard]] vips::VImage weighed(const vips::VImage& image);

// The inverse of weighed(), in 8 bits.
[[nodiscard]] vips::VImage unweighed(const vips::VImage& weighed);

// The picture after `filter`, with alpha as weight: transparent pixels give no colour to others.
// The alpha is filtered too. Without alpha, `filter` gets the picture as it is.
[[nodiscard]] vips::VImage weighed_by_alpha(const vips::VImage& image, const Filter& filter);

// `filter` on the colour bands alone. Alpha stays as it is.
[[nodiscard]] vips::VImage on_colour(const vips::VImage& image, const Filter& filter);

// The picture on a background. The result has alpha if the background is not opaque.
[[nodiscard]] vips::VImage laid_on(const vips::VImage& image, const Colour& background);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_ALPHA_H_
