// Which loaders and savers of libvips the codecs use: all others stay blocked (VipsLibrary).
// Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_
#define IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_

#include <vector>

#include "formats/format.h"

namespace imageserver {

// The classes for all files that may be read, and for all results.
[[nodiscard]] std::vector<const char*> allowed_operations(const UntrustedFormats& untrusted);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ALLOWED_OPERATIONS_H_
