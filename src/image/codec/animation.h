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

// The picture with delays that GIF can hold: whole hundredths of a second. What rounding takes from
// a frame the next one gets, so that an animation takes as long as before, but for this:
//  - no frame that takes any time takes none: it has one hundredth at least;
//  - one of more than 10 ms has two at least, as browsers show a frame of one for 100 ms;
//  - one takes 655.35 s at most, and what it took beyond is lost.
[[nodiscard]] vips::VImage with_gif_delays(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_ANIMATION_H_
