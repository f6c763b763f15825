// Tells what a file is from its first bytes alone: its name and its sender do not count.

#ifndef IMAGESERVER_FORMATS_SNIFF_H_
#define IMAGESERVER_FORMATS_SNIFF_H_

#include <optional>
#include <string_view>

#include "formats/format.h"

namespace imageserver {

// The file type by its row (FormatRow): first those with a fixed beginning, no two of which begin
// alike, then those that are told by a look at more. None if the bytes are like none of our
// formats. Threads: any.
[[nodiscard]] std::optional<FileType> sniff(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SNIFF_H_
