// What can be told of a file by stepping over its parts, and not by decoding it.

#ifndef IMAGESERVER_IMAGE_STRUCTURE_H_
#define IMAGESERVER_IMAGE_STRUCTURE_H_

#include <string_view>

#include "imageserver/image.h"

namespace imageserver {

// False if a file has no end: a JPEG no end-of-image marker, a PNG no IEND chunk, a GIF no trailer.
// (WebP begins with its length, and its loader sees to that.) Decoding does not tell, as what lies
// below the part that is asked for is never read. False also for a JPEG in more than
// `max_scans` scans: each takes its decoder over the whole picture once more, in one call that
// nothing can stop.
[[nodiscard]] bool is_sound(std::string_view bytes, Format format, int max_scans);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STRUCTURE_H_
