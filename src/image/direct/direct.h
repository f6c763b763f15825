// The short way for the commonest of all requests, a JPEG that is made smaller: its planes are
// scaled as they are, and encoded again, without a turn through RGB and without libvips.

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

// What is to be done, and all that is known of it before a pixel is decoded. Refers to what others
// hold.
struct DirectJob {
  const Bytes& source;
  const Header& header;
  const Layout& layout;
  const TransformSpec& spec;
  Format format;
};

// The picture as its encoder takes it; none where this way does not lead there, or the file is not
// quite sound, or `stop` was requested between two steps: then libvips has the last word. Looks
// like what libvips makes, or is closer to what it should be. Threads: any.
[[nodiscard]] std::optional<Planes> draw_directly(const DirectJob& job,
                                                  const std::stop_token& stop);

// The same, encoded.
[[nodiscard]] std::optional<Bytes> render_directly(const DirectJob& job,
                                                   const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_DIRECT_H_
