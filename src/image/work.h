// Tells how much work a picture is, before its pixels are decoded. Work is counted in pixels: one
// is what it takes to decode a pixel of a JPEG, some 5 ns on a core of 2020. By what the picture
// shows, flat colours or noise, it may take half as long or twice.

#ifndef IMAGESERVER_IMAGE_WORK_H_
#define IMAGESERVER_IMAGE_WORK_H_

#include <cstdint>

#include "formats/image.h"
#include "image/original.h"
#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The way that a picture is made.
enum class Way : std::uint8_t { kDirect, kLibvips };

// To make the result that is laid out so. `scale` is that at which the original is decoded.
// REQUIRES, here and below: the original does not pass through; the layout is within its limits.
// Threads: any.
[[nodiscard]] std::int64_t rendering_work(const Original& original, double scale,
                                          const Layout& layout, const TransformSpec& spec,
                                          Format format, Way way);

// To decode all of it before the result is laid out (decodes_first), and to look for a border.
[[nodiscard]] std::int64_t trimming_work(const Original& original);

// To make a thumbnail of it, whose own pixels do not count.
[[nodiscard]] std::int64_t thumbnail_work(const Original& original);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_WORK_H_
