// Small files of the operator's, as a whole.

#ifndef IMAGESERVER_BASE_READ_FILE_H_
#define IMAGESERVER_BASE_READ_FILE_H_

#include <cstddef>
#include <string>

#include "imageserver/error.h"

namespace imageserver {

// What the file holds. kInternal, with a text for the operator that does not name the file, if it
// cannot be read or is larger than `most` bytes. Blocks on the disk, and waits for what comes
// through a pipe, but for five seconds in all at most. REQUIRES: whole mebibytes. Threads: any.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_READ_FILE_H_
