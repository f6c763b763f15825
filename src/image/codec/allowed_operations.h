// Which loaders and savers of libvips the codecs use: all others stay blocked (VipsLibrary).
// Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_
#define IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_

#include <vector>

#include "formats/format.h"

namespace imageserver {

// The classes for all files that are read outside the sandbox, and for all results.
[[nodiscard]] std::vector<const char*> serving_operations();

// The class for these files, and nothing else; none where the reader is our own. REQUIRES:
// needs_sandbox(type).
[[nodiscard]] std::vector<const char*> sandbox_operations(FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_
