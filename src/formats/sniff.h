// What a file is, told from its first bytes and nothing else: neither its name nor its sender.

#ifndef IMAGESERVER_FORMATS_SNIFF_H_
#define IMAGESERVER_FORMATS_SNIFF_H_

#include <optional>
#include <string_view>

#include "formats/file_type.h"

namespace imageserver {

// None if the bytes begin like none of our formats. Threads: any.
[[nodiscard]] std::optional<FileType> sniff(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SNIFF_H_
