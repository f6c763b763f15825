// The reader of SVG. libvips has one, but that takes an inch for 72 pixels, where CSS has 96.
// Threads: any; each picture is read by one at a time.

#ifndef IMAGESERVER_IMAGE_CODEC_SVG_LOAD_H_
#define IMAGESERVER_IMAGE_CODEC_SVG_LOAD_H_

#include <string_view>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// The size is, as CSS and SVG 2 have it: `width` and `height`, with 96 pixels an inch. If one is
// missing, or a percentage, it follows from the other and the `viewBox`; if both are, the size is
// that of the `viewBox`. Without one, it reaches to the end of what is drawn. Throws vips::VError.
// The same holds below.
[[nodiscard]] Header load_svg_header(std::string_view file);

// RGBA. The size is scaled first, and rounded then; no side is below 1. Lazy. What is external to
// the file is not read.
[[nodiscard]] vips::VImage load_svg(std::string_view file, const Pages& pages, double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_SVG_LOAD_H_
