// Finds the part of a picture that matters most. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_SMART_CROP_H_
#define IMAGESERVER_IMAGE_STEPS_SMART_CROP_H_

#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The part of size `size` that draws the eye most (kSmart: skin, saturated colour and edges), or
// that holds the most detail (kEntropy). Evaluates the picture, which must be in memory; fails soon
// after `stop` is requested. REQUIRES: no side of `size` is longer than the picture's. Throws
// vips::VError.
[[nodiscard]] Box smart_crop(const vips::VImage& image, Size size, Gravity::Kind kind,
                             const std::stop_token& stop = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_SMART_CROP_H_
