// The directories of a TIFF, each of which leads to the next. Threads: any.

#ifndef IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_
#define IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace imageserver {

inline constexpr int kMostDirectories = 1000;

// Of all directories together: libtiff, and we, look at each of them. Usual ones have 10 to 50.
inline constexpr std::uint64_t kMostTiffEntries = 1'000'000;

// Whether the chain of directories (TIFF 6.0, BigTIFF) ends, within kMostDirectories and
// kMostTiffEntries: then it does not lead back to itself either. False if it leads out of the file.
// Looks at nothing else. REQUIRES: bytes that begin like a TIFF. The same holds below.
[[nodiscard]] bool tiff_directories_end(std::string_view bytes);

// A copy whose chain of directories ends at the first link that lies beyond the end of the file, or
// leads out of it, back, or to what is no directory of a picture. None if there is no such link
// within these limits, and if the file begins with it.
[[nodiscard]] std::optional<Bytes> tiff_cut_at_bad_link(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_
