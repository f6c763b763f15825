// Rotates a picture by any angle. Quarter turns are turn.h's. Threads: any, each with pictures of
// its own.

#ifndef IMAGESERVER_IMAGE_STEPS_ROTATE_H_
#define IMAGESERVER_IMAGE_STEPS_ROTATE_H_

#include <vector>
#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// The picture rotated counter-clockwise about its middle, in the smallest upright box that holds it
// (rotated_size). `ground`, a value for each band, fills the corners of the box. REQUIRES: alpha,
// if there is any, is multiplied into the colours; in memory. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage rotated(const vips::VImage& image, double degrees,
                                   Interpolation interpolation, const std::vector<double>& ground);

// The same for an opaque picture of 8 bits, with transparent corners. The alpha is multiplied into
// the colours, in 8 bits.
[[nodiscard]] vips::VImage rotated_on_nothing(const vips::VImage& image, double degrees,
                                              Interpolation interpolation);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_ROTATE_H_
