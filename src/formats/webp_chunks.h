// The chunks of a WebP (a RIFF file), stepped over by their sizes. Threads: any.

#ifndef IMAGESERVER_FORMATS_WEBP_CHUNKS_H_
#define IMAGESERVER_FORMATS_WEBP_CHUNKS_H_

#include <optional>
#include <string_view>

#include "formats/size.h"

namespace imageserver {

// Whether a RIFF file is a WebP.
[[nodiscard]] bool riff_is_webp(std::string_view bytes);

// Whether there are at most kMostFrames frames. libwebp, once asked for the size, looks for each of
// them from the first one on.
// REQUIRES: riff_is_webp(bytes).
[[nodiscard]] bool webp_has_few_frames(std::string_view bytes);

// The size of the canvas, as the first chunk says (VP8X, VP8L or VP8: the container specification
// of WebP, RFC 6386, and the specification of its lossless streams). None if it says none.
// REQUIRES: riff_is_webp(bytes).
[[nodiscard]] std::optional<Size> webp_canvas(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_WEBP_CHUNKS_H_
