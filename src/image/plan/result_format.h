// Which format a result has, and whether the original itself is the result.

#ifndef IMAGESERVER_IMAGE_PLAN_RESULT_FORMAT_H_
#define IMAGESERVER_IMAGE_PLAN_RESULT_FORMAT_H_

#include <cstdint>

#include "formats/image.h"
#include "image/plan/geometry.h"
#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

// As choose_format(), by what the header and the layout tell of the result. A result counts as one
// with alpha if it may be transparent anywhere: whether it is, only its pixels could tell.
// Threads: any. The same holds below.
[[nodiscard]] Format result_format(const Header& header, const Pages& pages, const Layout& layout,
                                   const TransformSpec& spec, std::int64_t avif_auto_max_pixels);

// Whether the file is the result as it is: the spec asks for nothing, and the result has the
// format of the file.
[[nodiscard]] bool passes_through(const Header& header, const Pages& pages,
                                  const TransformSpec& spec, std::int64_t avif_auto_max_pixels);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_RESULT_FORMAT_H_
