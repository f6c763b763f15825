// Pads a picture to the size of its canvas. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_PAD_H_
#define IMAGESERVER_IMAGE_STEPS_PAD_H_

#include <optional>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The picture at (canvas.left, canvas.top) of an area of canvas.size. Around an opaque picture lies
// `ground`. Where there is no ground, and around a picture with alpha, the area is transparent.
// Lazy. Throws vips::VError. REQUIRES: `ground` is opaque.
[[nodiscard]] vips::VImage padded(const vips::VImage& image, const Box& canvas,
                                  const std::optional<Colour>& ground);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_PAD_H_
