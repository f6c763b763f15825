// Chooses the scale at which a frame is decoded. Threads: any.

#ifndef IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_
#define IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_

#include <cstdint>

#include "image/plan/geometry.h"
#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

// The factor by which the decoder scales the frame (1: as stored), so that the result looks the
// same as without. Below 1 where decoders can shrink: a JPEG by 2, 4 or 8, a WebP by any factor;
// but not where colours are converted first (convert_first.h). A vector graphic is drawn at the
// scale it is wanted in, with at most `max_pixels` for the whole frame. The shorter side of the cut
// keeps 8 pixels, or all it has if these are fewer.
[[nodiscard]] double load_scale(const Header& header, const Layout& layout,
                                const TransformSpec& spec, std::int64_t max_pixels);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_LOAD_SCALE_H_
