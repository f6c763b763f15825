// Encodes planes of luma and chroma as a JPEG, without RGB.

#ifndef IMAGESERVER_IMAGE_DIRECT_JPEG_ENCODE_H_
#define IMAGESERVER_IMAGE_DIRECT_JPEG_ENCODE_H_

#include <optional>

#include "base/bytes.h"
#include "image/direct/jpeg_planes.h"

namespace imageserver {

// The file. It has Huffman tables of its own if is_optimised(). Blocks that reach beyond the edge
// repeat the last sample, so that what lies beyond disturbs none that is seen: fills the padding of
// the rows with it. None if the planes cannot be encoded. One call that cannot be stopped. Threads:
// any. REQUIRES: planes of the size that Planes says; chroma in full or at half the size on both
// sides; 1 <= quality <= 100.
[[nodiscard]] std::optional<Bytes> encode_jpeg(Planes& planes, int quality, bool progressive);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_JPEG_ENCODE_H_
