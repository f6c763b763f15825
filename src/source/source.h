// Where originals come from.

#ifndef IMAGESERVER_SOURCE_SOURCE_H_
#define IMAGESERVER_SOURCE_SOURCE_H_

#include <filesystem>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "imageserver/error.h"

namespace imageserver {

// Threads: get() may be called from any number of threads at once. It may block on the disk or the
// network, so an I/O thread never calls it.
class Source {
 public:
  virtual ~Source() = default;

  // The whole original called `path`. kNotFound if there is none or it may not be read;
  // kUnprocessable if it is larger than kMaxSourceBytes.
  [[nodiscard]] virtual Result<Bytes> get(const std::string& path) const = 0;
};

// Files below `root`. No path leads out of it: neither `..`, nor an absolute path, nor a symbolic
// link (a relative one that stays inside is followed); only regular files are read. An error if
// `root` is not a directory that can be read, with a text for the operator. Needs openat2
// (Linux 5.6).
[[nodiscard]] Result<std::unique_ptr<Source>> open_directory_source(
    const std::filesystem::path& root);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_SOURCE_H_
