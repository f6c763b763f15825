// The blocks of a GIF (GIF89a), stepped over by their sizes. Threads: any.

#ifndef IMAGESERVER_FORMATS_GIF_BLOCKS_H_
#define IMAGESERVER_FORMATS_GIF_BLOCKS_H_

#include <string_view>

namespace imageserver {

// Whether all blocks end, and the trailer or something that is no block follows: the latter is left
// to the loader. REQUIRES: bytes that begin like a GIF.
[[nodiscard]] bool gif_has_end(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_GIF_BLOCKS_H_
