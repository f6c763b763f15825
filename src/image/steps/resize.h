// Cuts and scales a frame as its plan says. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_RESIZE_H_
#define IMAGESERVER_IMAGE_STEPS_RESIZE_H_

#include <cstdint>
#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The part `box` of a frame; the frame itself if the box holds all of it. Lazy. Throws
// vips::VError.
[[nodiscard]] vips::VImage cut_out(const vips::VImage& frame, const Box& box);

// What a resize averages. Transparent pixels give no colour to others in any case.
enum class Averaged : std::uint8_t {
  kValues,   // the encoded values, weighted by alpha
  kLight,    // linear light, weighted by alpha; REQUIRES: sRGB or grey
  kWeighed,  // the values as they are: alpha is multiplied into them already
};

// Exactly plan.x.size by plan.y.size. Where the decoder scaled the frame by `load_scale`, its size
// is not that of the plan's source. Lanczos of kValues that makes a frame smaller is evaluated at
// once, unless the result is very large, and ends soon after `stop` is requested. Everything else
// is lazy. REQUIRES: the frame is in memory for nearest neighbour. Throws vips::VError.
[[nodiscard]] vips::VImage resize(const vips::VImage& frame, const Plan& plan, double load_scale,
                                  Resampling resampling, Averaged averaged,
                                  const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_RESIZE_H_
