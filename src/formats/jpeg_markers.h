// The segments of a JPEG, stepped over from marker to marker (ITU-T T.81, annex B). Threads: any.

#ifndef IMAGESERVER_FORMATS_JPEG_MARKERS_H_
#define IMAGESERVER_FORMATS_JPEG_MARKERS_H_

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace imageserver {

// Whether there is an end-of-image marker (that of a thumbnail inside a segment does not count),
// and no more than `max_scans` scans before it.
[[nodiscard]] bool jpeg_is_sound(std::string_view bytes, int max_scans);

// A copy of a file without an end-of-image marker that has one, and not the zeros that fill it up.
// None unless it is coded by Huffman's method and its scans are complete (JpegScans): then its
// decoder notices if the last scan is not all there. REQUIRES: bytes that begin like a JPEG.
[[nodiscard]] std::optional<Bytes> jpeg_with_end(std::string_view bytes);

// Whether at most 1000 segments come before the first scan; a colour profile of 16 MB takes 256.
// libjpeg walks along all segments it has kept for each new one.
// REQUIRES: bytes that begin like a JPEG.
[[nodiscard]] bool jpeg_has_few_segments(std::string_view bytes);

// Whether a decoder has to hold all coefficients of it: the first scan tells only a part of each
// block. REQUIRES: bytes that begin like a JPEG.
[[nodiscard]] bool jpeg_is_held_whole(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_JPEG_MARKERS_H_
