// Lays a watermark on a picture. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_WATERMARK_H_
#define IMAGESERVER_IMAGE_STEPS_WATERMARK_H_

#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The size of a mark in a picture: `scale` of the picture's width, or without a scale its own size
// times `dpr`. Never larger than the picture. Keeps the mark's proportions.
[[nodiscard]] Size mark_size(Size mark, Size picture, double scale, double dpr);

// The picture with `mark` at `watermark.gravity`, as opaque as `watermark.opacity`. Keeps the alpha
// and the bands of the picture, but grey becomes sRGB. Lazy. Throws vips::VError. REQUIRES: both
// are sRGB or grey of 8 bits; the mark has its final size, and is not larger than the picture.
[[nodiscard]] vips::VImage marked(const vips::VImage& picture, const vips::VImage& mark,
                                  const Watermark& watermark);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_WATERMARK_H_
