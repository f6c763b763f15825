// Settings of the server on which results depend.

#ifndef IMAGESERVER_IMAGE_PLAN_CONTEXT_H_
#define IMAGESERVER_IMAGE_PLAN_CONTEXT_H_

#include <cstdint>

#include "image/plan/limits.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// Results depend on the original, the spec and this. REQUIRES: equal on all nodes of a ring.
struct TransformContext {
  ImageLimits limits = {};

  // Which formats are read although their readers are not safe with hostile files.
  UntrustedFormats untrusted = {};

  // The largest result, in pixels, for which AVIF is chosen automatically.
  std::int64_t avif_auto_max_pixels = 2'000'000;

  friend bool operator==(const TransformContext&, const TransformContext&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_CONTEXT_H_
