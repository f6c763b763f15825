// Small files of the operator's, as a whole.

#ifndef IMAGESERVER_BASE_READ_FILE_H_
#define IMAGESERVER_BASE_READ_FILE_H_

#include <cstddef>
#include <string>

#include "imageserver/error.h"

namespace imageserver {

// The content of the file. kInternal, with a text for the operator that does not name the file, if
// it cannot be read or is larger than `most` bytes. Blocks on the disk. Waits for the writer of a
// pipe for five seconds in all at most. REQUIRES: `most` is whole mebibytes. Threads: any.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_READ_FILE_H_
