// A JPEG that has nothing but its pixels: no EXIF, no colour profile, no other metadata (ITU-T
// T.81, annex B). Threads: any.

#ifndef IMAGESERVER_FORMATS_PLAIN_JPEG_H_
#define IMAGESERVER_FORMATS_PLAIN_JPEG_H_

#include <optional>
#include <string_view>

#include "formats/size.h"

namespace imageserver {

// The size of such a JPEG, in grey or in YCbCr, as its frame says. None of any other file, and of
// one whose header a decoder would refuse.
[[nodiscard]] std::optional<Size> plain_jpeg_size(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_PLAIN_JPEG_H_
