// The chunks of a PNG (ISO/IEC 15948), stepped over by their lengths. Threads: any.

#ifndef IMAGESERVER_FORMATS_PNG_CHUNKS_H_
#define IMAGESERVER_FORMATS_PNG_CHUNKS_H_

#include <string_view>

namespace imageserver {

// Whether there is an IEND chunk. REQUIRES: bytes that begin like a PNG. The same holds below.
[[nodiscard]] bool png_has_end(std::string_view bytes);

// Whether the chunks before the pixels, which libpng reads with the header, lie inside the file (it
// allocates the length that a chunk announces), and at most 64 KiB of them are compressed text (it
// may inflate to a thousand times that).
[[nodiscard]] bool png_header_is_sound(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_PNG_CHUNKS_H_
