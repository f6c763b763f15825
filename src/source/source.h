// Where originals come from.

#ifndef IMAGESERVER_SOURCE_SOURCE_H_
#define IMAGESERVER_SOURCE_SOURCE_H_

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "base/bytes.h"
#include "imageserver/error.h"

namespace imageserver {

// Threads: get() may be called from any number of threads at once. It may block on the disk or the
// network, so an I/O thread never calls it.
class Source {
 public:
  virtual ~Source() = default;

  // The whole original called `path`. kNotFound if there is none; kForbidden if it may not be read;
  // kBusy if there are not enough descriptors or memory at the moment; kInternal if reading fails;
  // kUnprocessable if it is larger than kMaxSourceBytes; kCancelled soon after `stop` is requested.
  // The caller's deadline comes as that stop.
  [[nodiscard]] virtual Result<Bytes> get(const std::string& path,
                                          const std::stop_token& stop) const = 0;
};

// Files below `root`. The log names a file that may not be read once, and no more than a thousand
// of them. A stop is looked at before the file is opened and before each read(2), which itself
// cannot be interrupted. No path leads out of it: neither `..`, nor an absolute path, nor a
// symbolic link (a relative one that stays inside is followed); only regular files are read. An
// error if `root` is not a directory that can be read, with a text for the operator. Needs openat2
// (Linux 5.6).
[[nodiscard]] Result<std::unique_ptr<Source>> open_directory_source(
    const std::filesystem::path& root);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_SOURCE_H_
