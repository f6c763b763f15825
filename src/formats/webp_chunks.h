// The chunks of a WebP (a RIFF file), stepped over by their sizes. Threads: any.

#ifndef IMAGESERVER_FORMATS_WEBP_CHUNKS_H_
#define IMAGESERVER_FORMATS_WEBP_CHUNKS_H_

#include <string_view>

namespace imageserver {

// Whether a RIFF file is a WebP.
[[nodiscard]] bool riff_is_webp(std::string_view bytes);

// Whether there are at most kMostFrames frames. libwebp, once asked for the size, looks for each of
// them from the first one on.
// REQUIRES: riff_is_webp(bytes).
[[nodiscard]] bool webp_has_few_frames(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_WEBP_CHUNKS_H_
