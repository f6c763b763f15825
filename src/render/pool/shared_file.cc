#include "render/pool/shared_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace imageserver {
namespace {

// As much is kept: nearly all originals are smaller.
constexpr off_t kKept = 8 << 20;

bool write_at(int fd, std::size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    offset += static_cast<std::size_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

SharedFile::SharedFile() : fd_(memfd_create("originals", MFD_CLOEXEC)) {}

bool SharedFile::write(std::string_view first, std::string_view second) const {
  return write_at(fd_.get(), 0, first) && write_at(fd_.get(), first.size(), second);
}

void SharedFile::shrink() const {
  struct stat file{};
  if (fstat(fd_.get(), &file) == 0 && file.st_size > kKept)
    static_cast<void>(ftruncate(fd_.get(), kKept));
}

}  // namespace imageserver
