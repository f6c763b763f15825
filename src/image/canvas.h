// What is around a picture, and its corners.

#ifndef IMAGESERVER_IMAGE_CANVAS_H_
#define IMAGESERVER_IMAGE_CANVAS_H_

#include <vips/vips8>

#include "image/geometry.h"

namespace imageserver {

// In a box of canvas.size, at its left and top; transparent around it. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage padded(const vips::VImage& image, const Box& canvas);

// With corners of that radius, in pixels; no larger than half the shorter side. Outside them it is
// transparent, and their edge is smooth. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage rounded(const vips::VImage& image, int radius);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CANVAS_H_
