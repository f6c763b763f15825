// Finds the border of a picture, to trim it. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_TRIM_H_
#define IMAGESERVER_IMAGE_STEPS_TRIM_H_

#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"

namespace imageserver {

// The smallest box that holds every pixel whose colour is further than `threshold` (levels of 255)
// from the colour of the first pixel. The whole picture if there is no such pixel. Evaluates the
// picture, which must be in memory; fails soon after `stop` is requested. Throws vips::VError.
[[nodiscard]] Box without_border(const vips::VImage& image, double threshold,
                                 const std::stop_token& stop = {});

// The smallest box that holds both boxes.
[[nodiscard]] Box united(const Box& a, const Box& b);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TRIM_H_
