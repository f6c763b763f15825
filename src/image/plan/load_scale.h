// How much smaller, or larger, a picture may leave its decoder.

#ifndef IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_
#define IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_

#include <cstdint>

#include "image/plan/geometry.h"
#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

// By what factor a frame may leave its decoder (1: as stored), if the rest of the way along
// `layout` is to look the same: smaller, where decoders shrink (JPEG by 2, 4 or 8, WebP by
// any factor), or of any size where it is drawn, but not above `max_pixels` for the whole frame.
[[nodiscard]] double load_scale(const Header& header, const Layout& layout,
                                const TransformSpec& spec, std::int64_t max_pixels);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_
