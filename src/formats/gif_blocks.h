// The blocks of a GIF (GIF89a), stepped over by their sizes. Threads: any.

#ifndef IMAGESERVER_FORMATS_GIF_BLOCKS_H_
#define IMAGESERVER_FORMATS_GIF_BLOCKS_H_

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace imageserver {

// Whether there are at most kMostFrames frames. REQUIRES: bytes that begin like a GIF. The same
// holds below.
[[nodiscard]] bool gif_has_few_frames(std::string_view bytes);

// Whether all blocks end, and the trailer or something that is no block follows: the latter is left
// to the loader.
[[nodiscard]] bool gif_has_end(std::string_view bytes);

// A copy of a file without a trailer that has one, and the empty sub-block behind the last image if
// this is missing as well. Whether the pixels are all there shows when they are decoded. None if
// the file ends within another block, within a sub-block, or without an image.
[[nodiscard]] std::optional<Bytes> gif_with_end(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_GIF_BLOCKS_H_
