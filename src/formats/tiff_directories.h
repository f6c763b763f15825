// The directories of a TIFF, each of which leads to the next. Threads: any.

#ifndef IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_
#define IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_

#include <string_view>

namespace imageserver {

inline constexpr int kMostDirectories = 1000;

// Whether the chain of directories (TIFF 6.0, BigTIFF) ends, within kMostDirectories: then it does
// not lead back to itself either. False if it leads out of the file. Looks at nothing else.
// REQUIRES: bytes that begin like a TIFF.
[[nodiscard]] bool tiff_directories_end(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_TIFF_DIRECTORIES_H_
