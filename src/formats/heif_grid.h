// Pictures that are put together from others (ISO/IEC 23008-12: HEIF, and so AVIF). Threads: any.

#ifndef IMAGESERVER_FORMATS_HEIF_GRID_H_
#define IMAGESERVER_FORMATS_HEIF_GRID_H_

#include <cstdint>
#include <string_view>

namespace imageserver {

// How many parts the pictures of the file are put together from, by the references in its `meta`
// box; a part that is named many times counts as often. The largest number there is, if a part is
// itself put together: then parts multiply. References that cannot be read do not count.
[[nodiscard]] std::uint64_t heif_grid_tiles(std::string_view bytes);

// Whether heif_grid_tiles() is at most 1000: the largest picture we read has 191 of the usual
// 512 x 512 pixels. Each takes its decoder a while, however small it is, and all are decoded in one
// call that nothing can stop.
[[nodiscard]] bool heif_has_few_tiles(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_HEIF_GRID_H_
