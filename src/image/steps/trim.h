// Finds the border of a picture, to trim it.

#ifndef IMAGESERVER_IMAGE_STEPS_TRIM_H_
#define IMAGESERVER_IMAGE_STEPS_TRIM_H_

#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"

namespace imageserver {

// What is left without the border: the smallest part that holds all pixels further than `threshold`
// (levels of 255) from the colour of the first pixel. All of a picture that is nothing but border.
// Evaluates the picture, which must be in memory; fails soon after `stop` is requested. Throws
// vips::VError.
[[nodiscard]] Box without_border(const vips::VImage& image, double threshold,
                                 const std::stop_token& stop = {});

// The smallest box that holds both.
[[nodiscard]] Box united(const Box& a, const Box& b);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TRIM_H_
