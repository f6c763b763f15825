// Turns and flips a picture: EXIF's eight orientations. Threads: any, each with pictures of its
// own.

#ifndef IMAGESERVER_IMAGE_STEPS_TURN_H_
#define IMAGESERVER_IMAGE_STEPS_TURN_H_

#include <vips/vips8>

#include "image/plan/geometry.h"

namespace imageserver {

// The picture turned. Lazy. Throws vips::VError. REQUIRES: the picture is in memory, unless
// turn.is_none(), as its rows are not read from top to bottom.
[[nodiscard]] vips::VImage turned(const vips::VImage& image, Turn turn);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TURN_H_
