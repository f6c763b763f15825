// The middle step: a frame is cut and scaled as planned.

#ifndef IMAGESERVER_IMAGE_RESIZE_H_
#define IMAGESERVER_IMAGE_RESIZE_H_

#include <vips/vips8>

#include "image/geometry.h"
#include "imageserver/params.h"

namespace imageserver {

// Exactly plan.x.size by plan.y.size. `frame` may be smaller than the plan's source where its
// decoder shrank it. Alpha is weighed in: what is seen through takes no part in the colour. Lazy.
// Throws vips::VError.
[[nodiscard]] vips::VImage resize(const vips::VImage& frame, const Plan& plan,
                                  Resampling resampling);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESIZE_H_
