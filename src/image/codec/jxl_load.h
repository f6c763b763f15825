// The reader of JPEG XL (ISO/IEC 18181), by libjxl. libvips has one, but that gives the last frame
// of an animation. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_JXL_LOAD_H_
#define IMAGESERVER_IMAGE_CODEC_JXL_LOAD_H_

#include <string_view>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// Turned upright: the orientation is 1. Throws vips::VError. The same holds below.
[[nodiscard]] Header load_jxl_header(std::string_view file);

// The first frame, upright, as it is seen; 8 bits a band, grey or RGB, with alpha where there is
// any, which colours are not multiplied by; with the profile of its colours.
[[nodiscard]] vips::VImage load_jxl(std::string_view file, const Pages& pages, double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_JXL_LOAD_H_
