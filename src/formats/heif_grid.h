// Pictures that are put together from others (ISO/IEC 23008-12: HEIF, and so AVIF).

#ifndef IMAGESERVER_FORMATS_HEIF_GRID_H_
#define IMAGESERVER_FORMATS_HEIF_GRID_H_

#include <cstdint>
#include <string_view>

namespace imageserver {

// How often pictures are part of another one, as the references in the file's `meta` box say; one
// picture may be named many times. The most that can be counted where a part is itself put
// together, as then they multiply. Of what cannot be read nothing counts.
[[nodiscard]] std::uint64_t heif_grid_tiles(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_HEIF_GRID_H_
