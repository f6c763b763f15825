// A picture laid on a picture.

#ifndef IMAGESERVER_IMAGE_STEPS_WATERMARK_H_
#define IMAGESERVER_IMAGE_STEPS_WATERMARK_H_

#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// How large a mark of that size is in a picture of that size: `scale` of the picture's width, or
// its own size times `dpr`; never larger than the picture, and its shape kept.
[[nodiscard]] Size mark_size(Size mark, Size picture, double scale, double dpr);

// The picture with `mark`, which has its final size, where `watermark.gravity` says, as faint as
// `watermark.opacity`. Alpha and bands are the picture's, but grey becomes sRGB.
// REQUIRES: both sRGB or grey of 8 bits; the mark is no larger. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage marked(const vips::VImage& picture, const vips::VImage& mark,
                                  const Watermark& watermark);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_WATERMARK_H_
