// The last step: pixels become a file.

#ifndef IMAGESERVER_IMAGE_ENCODE_H_
#define IMAGESERVER_IMAGE_ENCODE_H_

#include <optional>
#include <vips/vips8>

#include "imageserver/bytes.h"
#include "imageserver/image.h"

namespace imageserver {

inline constexpr int kJpegQuality = 80;
inline constexpr int kWebpQuality = 79;

// `quality` counts for JPEG (baseline) and WebP. REQUIRES: an image from keep_essentials; without
// alpha for JPEG. Throws vips::VError.
[[nodiscard]] Bytes encode(const vips::VImage& image, Format format, std::optional<int> quality);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_ENCODE_H_
