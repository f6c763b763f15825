// Encodes planes of luma and chroma as a lossy WebP.

#ifndef IMAGESERVER_IMAGE_DIRECT_WEBP_PLANES_H_
#define IMAGESERVER_IMAGE_DIRECT_WEBP_PLANES_H_

#include <optional>

#include "base/bytes.h"
#include "image/direct/jpeg_planes.h"
#include "image/resample/lanczos.h"

namespace imageserver {

// WebP's samples have studio range (ITU-R BT.601), JPEG's the full one.
inline constexpr Levels kStudioLuma{219.0 / 255, 16};
inline constexpr Levels kStudioChroma{224.0 / 255, 128 * (1 - 224.0 / 255)};

// The file, encoded with the effort that save_webp() uses (kWebpEffort). None if the planes cannot
// be encoded. One call that cannot be stopped. Threads: any. REQUIRES: studio range; chroma at half
// the size on both sides, or none; 1 <= quality <= 100.
[[nodiscard]] std::optional<Bytes> encode_webp(const Planes& planes, int quality);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_WEBP_PLANES_H_
