// What a result follows from beside its original and its spec.

#ifndef IMAGESERVER_IMAGE_CONTEXT_H_
#define IMAGESERVER_IMAGE_CONTEXT_H_

#include <cstdint>
#include <string>

#include "image/plan/limits.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// What else a result follows from: the same on all nodes of a ring.
struct TransformContext {
  ImageLimits limits = {};

  // Which of the formats for trusted files are read, by the program imageserver-draw.
  UntrustedFormats untrusted = {};

  // The path of that program. REQUIRES: it is there, if one of these formats is read.
  std::string draw_program = {};

  // The largest result that is AVIF without having been asked to be.
  std::int64_t avif_auto_max_pixels = 2'000'000;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CONTEXT_H_
