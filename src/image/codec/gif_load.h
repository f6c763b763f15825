// The reader of GIF. libvips has one, but that makes opaque what browsers show transparent: what
// the first frame leaves uncovered, and what a frame cleared that has no transparent colour.
// Threads: any; each picture is read by one at a time.

#ifndef IMAGESERVER_IMAGE_CODEC_GIF_LOAD_H_
#define IMAGESERVER_IMAGE_CODEC_GIF_LOAD_H_

#include <string_view>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// `alpha` is what has_alpha() says. Throws vips::VError. The same holds below.
[[nodiscard]] Header load_gif_header(std::string_view file);

// The frames as they are seen, one below the other: RGB, or RGBA where any frame of the file may be
// transparent. With the fields that libvips' own reader sets: "delay" of all frames of the file (in
// milliseconds), "loop". Lazy: frames are composed when their rows are asked for, in any order; but
// the first is drawn now, where only that shows whether anything of it is transparent. To go back
// to an earlier frame costs all frames before it. Takes memory for one frame (6 bytes a pixel; 10
// where a frame is brought back). REQUIRES: `file` outlives the result; pages that are there;
// scale 1.
[[nodiscard]] vips::VImage load_gif(std::string_view file, const Pages& pages, double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_GIF_LOAD_H_
