// XMP of a picture that was turned upright. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_UPRIGHT_XMP_H_
#define IMAGESERVER_IMAGE_CODEC_UPRIGHT_XMP_H_

#include <string>
#include <string_view>

namespace imageserver {

// The packet (ISO 16684-1) with each `tiff:Orientation` set to 1, which is upright, whether it is
// an attribute or an element, and whatever its prefix. All else stays, to the byte.
[[nodiscard]] std::string upright_xmp(std::string_view packet);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_UPRIGHT_XMP_H_
