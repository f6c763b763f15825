#include "source/directory_source.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "params/no_such_picture.h"
#include "params/size_limits.h"
#include "source/named_once.h"

namespace imageserver {
namespace {

Error too_large() {
  return {ErrorKind::kUnprocessable,
          "the file is larger than " + std::to_string(kMaxSourceBytes >> 20U) + " MiB"};
}

// Why there are no bytes of a file.
enum class Obstacle : std::uint8_t {
  kNotThere,   // the path leads to no file, or out of the directory
  kForbidden,  // the file may not be read by us
  kShortage,   // of descriptors or memory, which passes
  kFault,      // of the disk, say
};

Obstacle obstacle_to_opening(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case EXDEV:  // the way out
    case ENAMETOOLONG:
    case EINVAL:  // no name on this file system, as is EILSEQ
    case EILSEQ:
    case ENXIO:  // a socket
    case ENODEV:
      return Obstacle::kNotThere;
    case EACCES:
    case EPERM:
      return Obstacle::kForbidden;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return Obstacle::kShortage;
    default:
      return Obstacle::kFault;
  }
}

// A file that was opened is there, whatever its file system says.
Obstacle obstacle_to_reading(int error) {
  const Obstacle obstacle = obstacle_to_opening(error);
  return obstacle == Obstacle::kNotThere ? Obstacle::kFault : obstacle;
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

class DirectorySource final : public Source {
 public:
  explicit DirectorySource(UniqueFd root) : root_(std::move(root)) {}

  std::optional<std::string> name_of(std::string_view path) const override {
    return std::string(path);
  }

  bool blocks() const override { return true; }

  std::size_t fits(std::string_view /*name*/) const override { return 0; }

  void fetch(FetchRequest request, std::stop_token stop, Done done) override {
    Result<Bytes> bytes = read_file(request.name, stop);
    if (bytes.has_error()) return done(bytes.error());
    done(FetchedOriginal{.bytes = *std::move(bytes)});
  }

 private:
  [[nodiscard]] Result<Bytes> read_file(const std::string& path,
                                        const std::stop_token& stop) const {
    if (stop.stop_requested()) return cancelled();
    // The kernel would see no more than what stands before the NUL.
    if (path.find('\0') != std::string::npos) return no_such_picture();
    const UniqueFd file = open_beneath(root_, path);
    struct stat status{};
    if (!file.valid()) return failure(path, errno, obstacle_to_opening(errno));
    if (fstat(file.get(), &status) != 0) return failure(path, errno, obstacle_to_reading(errno));
    if (!S_ISREG(status.st_mode)) return no_such_picture();
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > kMaxSourceBytes) return too_large();
    return read_all(file, size, path, stop);
  }

  // Reads to the end, which may have moved since the size was asked for.
  [[nodiscard]] Result<Bytes> read_all(const UniqueFd& file, std::size_t expected,
                                       const std::string& path, const std::stop_token& stop) const {
    std::size_t room = expected + 1;
    auto bytes = std::make_shared_for_overwrite<char[]>(room);
    std::size_t size = 0;
    while (true) {
      if (stop.stop_requested()) return cancelled();
      const ssize_t got = read(file.get(), bytes.get() + size, room - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure(path, errno, obstacle_to_reading(errno));
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
      if (size > kMaxSourceBytes) return too_large();
      if (size == room) {
        room *= 2;
        auto more = std::make_shared_for_overwrite<char[]>(room);
        std::copy_n(bytes.get(), size, more.get());
        bytes = std::move(more);
      }
    }
    return Bytes::own(std::move(bytes), size);
  }

  // What to say of it. The log hears of every failure that the operator can mend, but of a file
  // that may not be read once: it stays so, however often it is asked for.
  [[nodiscard]] Error failure(const std::string& path, int error, Obstacle obstacle) const {
    if (obstacle == Obstacle::kNotThere) return no_such_picture();
    if (obstacle != Obstacle::kForbidden || forbidden_.is_first(path)) {
      log::warn("reading {}: {}", path, std::strerror(error));
    }
    switch (obstacle) {
      case Obstacle::kForbidden:
        return {ErrorKind::kForbidden, "the file may not be read"};
      case Obstacle::kShortage:
        return {ErrorKind::kBusy, "too much is open to read the file now"};
      default:
        return {ErrorKind::kInternal, "the file could not be read"};
    }
  }

  static constexpr std::size_t kMostForbidden = 1000;

  const UniqueFd root_;
  mutable NamedOnce forbidden_{kMostForbidden};
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
