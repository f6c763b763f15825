// Judges a file by stepping over its parts, without decoding it. Threads: any.

#ifndef IMAGESERVER_FORMATS_STRUCTURE_H_
#define IMAGESERVER_FORMATS_STRUCTURE_H_

#include <string_view>

#include "formats/format.h"

namespace imageserver {

// False for a JPEG, PNG or GIF without its end (jpeg_is_sound, png_has_end, gif_has_end): its
// decoder does not notice, as it stops below the part that is asked for. The other formats begin
// with their length, or their loaders find out. False also for a JPEG of more than `max_scans`
// scans: for each, its decoder goes over the whole picture once more, in one call that nothing can
// stop.
[[nodiscard]] bool is_sound(std::string_view bytes, FileType type, int max_scans);

// False for a file whose decoder must not even be asked for the size, as that alone would take it
// too long or too much memory (jpeg_has_few_segments, png_header_is_sound, webp_has_few_frames,
// tiff_directories_end, svg_stands_alone). REQUIRES: sniff() gives `type`.
[[nodiscard]] bool has_sound_header(std::string_view bytes, FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_STRUCTURE_H_
