// Tells how much memory a picture takes at most at a time, before its pixels are decoded: in bytes,
// beside what a renderer has that does nothing. A file may take more than its header tells, if it
// was made for that; and what a decoder or an encoder takes for a pixel was measured
// (docs/PERFORMANCE.md).

#ifndef IMAGESERVER_IMAGE_MEMORY_H_
#define IMAGESERVER_IMAGE_MEMORY_H_

#include <cstdint>

#include "formats/image.h"
#include "image/original.h"
#include "image/plan/geometry.h"
#include "image/work.h"
#include "params/transform_spec.h"

namespace imageserver {

// To make the result that is laid out so, as for rendering_work(). Threads, here and below: any.
[[nodiscard]] std::int64_t rendering_memory(const Original& original, double scale,
                                            const Layout& layout, const TransformSpec& spec,
                                            Format format, Way way);

// To read it as a watermark, in whatever size it is then laid on.
[[nodiscard]] std::int64_t watermark_memory(const Original& mark);

// To decode all of it before the result is laid out, as for trimming_work().
[[nodiscard]] std::int64_t trimming_memory(const Original& original);

// To make a thumbnail of it.
[[nodiscard]] std::int64_t thumbnail_memory(const Original& original);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_MEMORY_H_
