// Finds the border of a picture, to trim it. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_TRIM_H_
#define IMAGESERVER_IMAGE_STEPS_TRIM_H_

#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"

namespace imageserver {

// The smallest box that holds every pixel which differs from the first pixel by more than
// `threshold` (levels of 255) in any band. With alpha, colours count as much as they are seen: two
// pixels of no alpha are alike whatever their colours. The whole picture if there is no such pixel.
// Fails soon after `stop` is requested. Throws vips::VError. REQUIRES: 8 bits a band; a picture in
// memory, or a part of one.
[[nodiscard]] Box without_border(const vips::VImage& image, double threshold,
                                 const std::stop_token& stop = {});

// The smallest box that holds both boxes.
[[nodiscard]] Box united(const Box& a, const Box& b);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TRIM_H_
