// The eight ways to lay a picture on its sides and its back, as EXIF's orientations name them.

#ifndef IMAGESERVER_IMAGE_STEPS_TURN_H_
#define IMAGESERVER_IMAGE_STEPS_TURN_H_

#include <vips/vips8>

#include "image/plan/geometry.h"

namespace imageserver {

// The picture turned. Reads it in another order than from top to bottom, so it must be in memory
// unless the turn is none. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage turned(const vips::VImage& image, Turn turn);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TURN_H_
