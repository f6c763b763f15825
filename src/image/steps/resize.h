// A frame is cut and scaled as planned.

#ifndef IMAGESERVER_IMAGE_STEPS_RESIZE_H_
#define IMAGESERVER_IMAGE_STEPS_RESIZE_H_

#include <cstdint>
#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The part of a frame, or the frame itself if that is all of it. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage cut_out(const vips::VImage& frame, const Box& box);

// What is averaged: the encoded values, with alpha weighed in, so that what is seen through takes
// no part in the colour; light as it adds up, likewise, of a frame that is sRGB; or values into
// which alpha is multiplied already.
enum class Averaged : std::uint8_t { kValues, kLight, kWeighed };

// Exactly plan.x.size by plan.y.size. `frame` is of another size than the plan's source where its
// decoder scaled it, by `load_scale`. Lanczos of values that makes a picture smaller is most of
// what is asked: its result is in memory, unless it is very large, and the work ends soon after
// `stop` is requested. Else lazy. REQUIRES: a frame in memory for nearest neighbour. Throws
// vips::VError.
[[nodiscard]] vips::VImage resize(const vips::VImage& frame, const Plan& plan, double load_scale,
                                  Resampling resampling, Averaged averaged,
                                  const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_RESIZE_H_
