// How an animation runs: loop count, delays, height of a frame. Threads: any, each with pictures of
// its own.

#ifndef IMAGESERVER_IMAGE_CODEC_ANIMATION_H_
#define IMAGESERVER_IMAGE_CODEC_ANIMATION_H_

#include <string_view>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// Whether the field of a picture says how its animation runs.
[[nodiscard]] bool is_of_animation(std::string_view field);

// Tells the saver of `image` (frames of equal height, one below the other) the height of a frame
// and the delays of the frames from `pages.first` on. REQUIRES: pages.count > 1.
void set_frames(vips::VImage& image, const Pages& pages);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ANIMATION_H_
