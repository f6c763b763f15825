// What is around a picture, and its corners.

#ifndef IMAGESERVER_IMAGE_STEPS_CANVAS_H_
#define IMAGESERVER_IMAGE_STEPS_CANVAS_H_

#include <optional>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// In a box of canvas.size, at its left and top. Around it is `ground`, or the picture becomes
// transparent there if there is none, or it can be seen through itself. Lazy. Throws vips::VError.
// REQUIRES: the ground is opaque.
[[nodiscard]] vips::VImage padded(const vips::VImage& image, const Box& canvas,
                                  const std::optional<Colour>& ground);

// With corners of that radius, in pixels; no larger than half the shorter side. Outside them it is
// transparent, and their edge is smooth. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage rounded(const vips::VImage& image, int radius);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_CANVAS_H_
