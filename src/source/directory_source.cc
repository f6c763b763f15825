#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "params/no_such_picture.h"
#include "params/size_limits.h"
#include "source/source.h"

namespace imageserver {
namespace {

Error too_large() {
  return {ErrorKind::kUnprocessable,
          "the file is larger than " + std::to_string(kMaxSourceBytes >> 20U) + " MiB"};
}

Error unreadable(const std::string& path, int error) {
  log::warn("reading {}: {}", path, std::strerror(error));
  return {ErrorKind::kInternal, "the file could not be read"};
}

// The kernel resolves the path and refuses every way out of the directory, so there is no gap
// between a check and the use of what was checked. O_NONBLOCK: opening a pipe must not wait for its
// writer.
UniqueFd open_beneath(const UniqueFd& root, const std::string& path) {
  constexpr int kTries = 100;
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  long fd = -1;
  for (int i = 0; i < kTries; ++i) {
    fd = syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof how);
    // EAGAIN: something on the path was renamed meanwhile, and the kernel could not be sure.
    if (fd >= 0 || (errno != EINTR && errno != EAGAIN)) break;
  }
  return UniqueFd(static_cast<int>(fd));
}

// Reads to the end, which may have moved since the size was asked for.
Result<Bytes> read_all(const UniqueFd& file, std::size_t expected, const std::string& path,
                       const std::stop_token& stop) {
  std::string bytes(expected + 1, '\0');
  std::size_t size = 0;
  while (true) {
    if (stop.stop_requested()) return cancelled();
    const ssize_t got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > kMaxSourceBytes) return too_large();
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return Bytes::own(std::move(bytes));
}

class DirectorySource final : public Source {
 public:
  explicit DirectorySource(UniqueFd root) : root_(std::move(root)) {}

  Result<Bytes> get(const std::string& path, const std::stop_token& stop) const override {
    if (stop.stop_requested()) return cancelled();
    // The kernel would see no more than what stands before the NUL.
    if (path.find('\0') != std::string::npos) return no_such_picture();
    const UniqueFd file = open_beneath(root_, path);
    struct stat status{};
    if (!file.valid() && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EIO)) {
      return unreadable(path, errno);
    }
    if (!file.valid() || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
      return no_such_picture();
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > kMaxSourceBytes) return too_large();
    return read_all(file, size, path, stop);
  }

 private:
  const UniqueFd root_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_directory_source(const std::filesystem::path& root) {
  UniqueFd fd(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return Error{ErrorKind::kNotFound, std::strerror(errno)};
  // A kernel without openat2 says ENOSYS, a container that forbids it EPERM.
  if (!open_beneath(fd, ".").valid()) {
    const int error = errno;
    return Error{ErrorKind::kInternal, std::string("cannot be read: ") + std::strerror(error)};
  }
  return std::unique_ptr<Source>(std::make_unique<DirectorySource>(std::move(fd)));
}

}  // namespace imageserver
