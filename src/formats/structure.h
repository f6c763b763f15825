// What can be told of a file by stepping over its parts, and not by decoding it.

#ifndef IMAGESERVER_FORMATS_STRUCTURE_H_
#define IMAGESERVER_FORMATS_STRUCTURE_H_

#include <string_view>

#include "formats/file_type.h"

namespace imageserver {

// False if a file has no end: a JPEG no end-of-image marker, a PNG no IEND chunk, a GIF no trailer.
// (The others begin with their length, or their loaders see to that.) Decoding does not tell, as
// what lies below the part that is asked for is never read. False also for a JPEG in more than
// `max_scans` scans: each takes its decoder over the whole picture once more, in one call that
// nothing can stop.
[[nodiscard]] bool is_sound(std::string_view bytes, FileType type, int max_scans);

// False for what must not even be asked for its size, as that alone would take a decoder too long
// or too much: a JPEG of more than 1000 segments, a PNG with a chunk that reaches out of the file
// before its pixels or with more than 64 KiB of compressed text, a WebP of more than 10,000 frames,
// a TIFF whose directories do not end, an AVIF or HEIC of more than 1000 parts, an SVG that does
// not stand alone (tiff_directories_end, heif_grid_tiles, svg_stands_alone).
[[nodiscard]] bool has_sound_header(std::string_view bytes, FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_STRUCTURE_H_
