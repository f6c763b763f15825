// The direct way, for the commonest request: a JPEG that is made smaller. Its luma and chroma
// planes are decoded, scaled and encoded as they are, without RGB and without libvips.

#ifndef IMAGESERVER_IMAGE_DIRECT_DIRECT_H_
#define IMAGESERVER_IMAGE_DIRECT_DIRECT_H_

#include <optional>
#include <stop_token>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/direct/jpeg_planes.h"
#include "image/plan/geometry.h"
#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

// A request, and all that is known of it before a pixel is decoded. Holds references. REQUIRES:
// what they refer to outlives it.
struct DirectJob {
  const Bytes& source;
  const Header& header;
  const Layout& layout;
  const TransformSpec& spec;
  Format format;
};

// Whether the direct way covers what the job asks for. It may find the file damaged all the same.
// Threads: any.
[[nodiscard]] bool goes_directly(const DirectJob& job);

// The planes of the result. None if the job asks for anything that the direct way does not cover,
// or the file is damaged, however lightly, or `stop` was requested between two steps: libvips
// decides then. As close to the exact result as what libvips makes, or closer. Threads: any.
[[nodiscard]] std::optional<Planes> render_directly(const DirectJob& job,
                                                    const std::stop_token& stop);

// The result of render_directly() as a file.
[[nodiscard]] std::optional<Bytes> encode_directly(const DirectJob& job,
                                                   const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_DIRECT_H_
