// Memory with a descriptor, through which a renderer gets the files of its jobs. It is kept from
// job to job, as new pages cost more than the copy.

#ifndef IMAGESERVER_RENDER_POOL_SHARED_FILE_H_
#define IMAGESERVER_RENDER_POOL_SHARED_FILE_H_

#include <string_view>

#include "base/unique_fd.h"

namespace imageserver {

// The renderer can change it and cut it off. So this side writes by pwrite(2), which then fails at
// worst, never maps it, and reads nothing from it. Threads: one at a time.
class SharedFile {
 public:
  SharedFile();

  // Not valid if there was no descriptor or no memory for it.
  [[nodiscard]] const UniqueFd& fd() const { return fd_; }

  // The files, one behind the other, from the beginning. False if there is no memory for them.
  [[nodiscard]] bool write(std::string_view first, std::string_view second) const;

  // Gives back the memory of a large file.
  void shrink() const;

 private:
  const UniqueFd fd_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_SHARED_FILE_H_
