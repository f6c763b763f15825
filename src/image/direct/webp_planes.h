// Planes become a lossy WebP, which is made of the same ones.

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

// As libvips encodes, at the same effort. None if it cannot be encoded. REQUIRES: studio range;
// chroma at half the size on both sides, or none; 1 <= quality <= 100. In one call that cannot be
// stopped. Threads: any.
[[nodiscard]] std::optional<Bytes> encode_webp(const Planes& planes, int quality);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_WEBP_PLANES_H_
