// The segments of a JPEG, stepped over from marker to marker (ITU-T T.81, annex B). Threads: any.

#ifndef IMAGESERVER_FORMATS_JPEG_MARKERS_H_
#define IMAGESERVER_FORMATS_JPEG_MARKERS_H_

#include <string_view>

namespace imageserver {

// Whether there is an end-of-image marker (that of a thumbnail inside a segment does not count),
// and no more than `max_scans` scans before it.
[[nodiscard]] bool jpeg_is_sound(std::string_view bytes, int max_scans);

// Whether at most 1000 segments come before the first scan; a colour profile of 16 MB takes 256.
// libjpeg walks along all segments it has kept for each new one.
// REQUIRES: bytes that begin like a JPEG.
[[nodiscard]] bool jpeg_has_few_segments(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_JPEG_MARKERS_H_
