// Judges a file by stepping over its parts, and repairs what is wrong with them, without decoding
// it. A repair is a copy. Threads: any.

#ifndef IMAGESERVER_FORMATS_STRUCTURE_H_
#define IMAGESERVER_FORMATS_STRUCTURE_H_

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "formats/format.h"

namespace imageserver {

// False for a JPEG, PNG or GIF without its end (jpeg_is_sound, png_has_end, gif_has_end): its
// decoder does not notice, as it stops below the part that is asked for. The other formats begin
// with their length, or their loaders find out. False also for a JPEG of more than `max_scans`
// scans: for each, its decoder goes over the whole picture once more, in one call that nothing can
// stop.
[[nodiscard]] bool is_sound(std::string_view bytes, FileType type, int max_scans);

// The file with an end, if it has none; its pixels may still not be all there, which shows when all
// are decoded (jpeg_with_end, png_with_end, gif_with_end). None if it is cut where pixels must be
// missing. REQUIRES: is_sound() is false. The file has_sound_header().
[[nodiscard]] std::optional<Bytes> with_end(std::string_view bytes, FileType type);

// The file without what keeps a decoder from it and is no part of its pixels, in which many files
// are wrong: the last link of a TIFF, a PNG's long text (tiff_cut_at_bad_link,
// png_without_long_text). None if it can stay as it is.
[[nodiscard]] std::optional<Bytes> readable(std::string_view bytes, FileType type);

// False for a file whose decoder must not even be asked for the size, as that alone would take it
// too long or too much memory (jpeg_has_few_segments, png_header_is_sound,
// tiff_directories_end, svg_stands_alone). REQUIRES: sniff() gives `type`.
[[nodiscard]] bool has_sound_header(std::string_view bytes, FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_STRUCTURE_H_
