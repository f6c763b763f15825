#include "source/directory_source.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <thread>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/mutex.h"
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

// The times of a file are those of the kernel's tick. A file that was changed so lately may be
// changed again without another time.
constexpr std::chrono::milliseconds kTick{50};

// Some file systems know whole seconds, or two.
constexpr std::chrono::milliseconds kCoarseTick{2'000};

// So often a file is read that changes meanwhile, with a pause between each two.
constexpr int kReads = 5;
constexpr std::chrono::milliseconds kBetweenReads{20};

std::chrono::nanoseconds since_1970(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// By what two versions of a file differ. The time of the last change of the inode goes with it, as
// that of the bytes can be set back.
std::string stamp_of(const struct stat& status) {
  std::string stamp;
  for (const std::int64_t number :
       {std::int64_t{since_1970(status.st_mtim).count()},
        std::int64_t{since_1970(status.st_ctim).count()}, std::int64_t{status.st_size},
        static_cast<std::int64_t>(status.st_ino), static_cast<std::int64_t>(status.st_dev)}) {
    stamp += std::to_string(number) + '-';
  }
  return stamp;
}

bool is_just_now(const timespec& time) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::chrono::abs(since_1970(now) - since_1970(time)) <=
         (time.tv_nsec == 0 ? kCoarseTick : kTick);
}

// Whether the stamp would be another one if the file were changed now.
bool is_settled(const struct stat& status) {
  return !is_just_now(status.st_mtim) && !is_just_now(status.st_ctim);
}

UniqueFd open_root(const std::filesystem::path& root) {
  return UniqueFd(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

class DirectorySource final : public Source {
 public:
  // `path` leads to `root`.
  DirectorySource(std::filesystem::path path, UniqueFd root)
      : path_(std::move(path)), root_(std::make_shared<const UniqueFd>(std::move(root))) {}

  std::optional<std::string> name_of(std::string_view path) const override {
    return std::string(path);
  }

  bool blocks() const override { return true; }

  std::size_t fits(std::string_view /*name*/) const override { return 0; }

  void fetch(FetchRequest request, std::stop_token stop, Done done) override {
    done(read_settled(request, stop));
  }

 private:
  struct Reading {
    FetchedOriginal original;
    bool is_of_one_version = false;  // the file was the same from its beginning to its end
    bool is_settled = false;         // and would have told a change
  };

  [[nodiscard]] Result<FetchedOriginal> read_settled(const FetchRequest& request,
                                                     const std::stop_token& stop) const {
    Result<Reading> reading = read_file(request, Unsettled::kIsLeft, stop);
    for (int i = 1; i < kReads && reading.has_value() && !reading->is_settled; ++i) {
      std::this_thread::sleep_for(kBetweenReads);
      const bool is_last = i + 1 == kReads;
      reading = read_file(request, is_last ? Unsettled::kIsRead : Unsettled::kIsLeft, stop);
    }
    if (reading.has_error()) return reading.error();
    if (!reading->is_of_one_version) return Error{ErrorKind::kBusy, "the file is being written"};
    // The times of some file systems are always those of now.
    if (!reading->is_settled) reading->original.validators = {};
    return std::move(reading->original);
  }

  // What becomes of a file that may be changed without another stamp.
  enum class Unsettled : std::uint8_t { kIsLeft, kIsRead };

  [[nodiscard]] Result<Reading> read_file(const FetchRequest& request, Unsettled unsettled,
                                          const std::stop_token& stop) const {
    const std::string& path = request.name;
    if (stop.stop_requested()) return cancelled();
    // The kernel would see no more than what stands before the NUL.
    if (path.find('\0') != std::string::npos) return no_such_picture();
    const UniqueFd file = open_beneath(*root(), path);
    struct stat before{};
    if (!file.valid()) return failure(path, errno, obstacle_to_opening(errno));
    if (fstat(file.get(), &before) != 0) return failure(path, errno, obstacle_to_reading(errno));
    if (!S_ISREG(before.st_mode)) return no_such_picture();
    const std::string stamp = stamp_of(before);
    const bool is_old = is_settled(before);
    if (!is_old && unsettled == Unsettled::kIsLeft) return Reading();
    if (is_old && request.known.etag == stamp) {
      return Reading{{.bytes = {}, .validators = request.known, .is_unchanged = true}, true, true};
    }
    const auto size = static_cast<std::size_t>(before.st_size);
    if (size > kMaxSourceBytes) return too_large();
    Result<Bytes> bytes = read_all(file, size, path, stop);
    if (bytes.has_error()) return bytes.error();
    struct stat after{};
    if (fstat(file.get(), &after) != 0) return failure(path, errno, obstacle_to_reading(errno));
    const Sha256 hash = sha256(bytes->view());
    const bool is_same = stamp_of(after) == stamp;
    return Reading{{.bytes = *std::move(bytes),
                    .hash = hash,
                    .validators = {.etag = stamp, .last_modified = {}}},
                   is_same,
                   is_same && is_old};
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

  // The directory, which may have been replaced as a whole: by another link, or another mount.
  // Where its path leads nowhere just now, it is the one that was there last.
  [[nodiscard]] std::shared_ptr<const UniqueFd> root() const {
    struct stat there{};
    struct stat opened{};
    const MutexLock lock(mutex_);
    const bool is_same = stat(path_.c_str(), &there) != 0 || fstat(root_->get(), &opened) != 0 ||
                         (there.st_dev == opened.st_dev && there.st_ino == opened.st_ino);
    if (is_same) return root_;
    UniqueFd another = open_root(path_);
    if (another.valid()) root_ = std::make_shared<const UniqueFd>(std::move(another));
    return root_;
  }

  static constexpr std::size_t kMostForbidden = 1000;

  const std::filesystem::path path_;
  mutable Mutex mutex_;
  mutable std::shared_ptr<const UniqueFd> root_ IMAGESERVER_GUARDED_BY(mutex_);
  mutable NamedOnce forbidden_{kMostForbidden};
};

}  // namespace

Result<std::unique_ptr<Source>> open_directory_source(const std::filesystem::path& root) {
  UniqueFd fd = open_root(root);
  if (!fd.valid()) return Error{ErrorKind::kNotFound, std::strerror(errno)};
  // A kernel without openat2 says ENOSYS, a container that forbids it EPERM.
  if (!open_beneath(fd, ".").valid()) {
    const int error = errno;
    return Error{ErrorKind::kInternal, std::string("cannot be read: ") + std::strerror(error)};
  }
  return std::unique_ptr<Source>(std::make_unique<DirectorySource>(root, std::move(fd)));
}

}  // namespace imageserver
