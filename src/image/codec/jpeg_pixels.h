// Whether the pixels of a JPEG are all there. libvips does not notice if some of the last rows are
// missing before an end-of-image marker. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_JPEG_PIXELS_H_
#define IMAGESERVER_IMAGE_CODEC_JPEG_PIXELS_H_

#include <string_view>

namespace imageserver {

// Decodes all of the file, at an eighth of its size: false at whatever the decoder warns of.
[[nodiscard]] bool jpeg_has_all_pixels(std::string_view jpeg);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_JPEG_PIXELS_H_
