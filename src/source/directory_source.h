// Originals that are files in a directory.

#ifndef IMAGESERVER_SOURCE_DIRECTORY_SOURCE_H_
#define IMAGESERVER_SOURCE_DIRECTORY_SOURCE_H_

#include <filesystem>
#include <memory>

#include "imageserver/error.h"
#include "source/source.h"

namespace imageserver {

// Files below `root`, of kMaxSourceBytes at most. It blocks; a deadline comes as a stop. The log
// names a file that may not be read once, and no more than a thousand of them. A stop is looked at
// before the file is opened and before each read(2), which itself cannot be interrupted. No path
// leads out of it: neither `..`, nor an absolute path, nor a symbolic link (a relative one that
// stays inside is followed); only regular files are read. An error if `root` is not a directory
// that can be read, with a text for the operator. Needs openat2 (Linux 5.6).
[[nodiscard]] Result<std::unique_ptr<Source>> open_directory_source(
    const std::filesystem::path& root);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_DIRECTORY_SOURCE_H_
