#include "image/sandbox/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <system_error>

#include "base/log.h"
#include "image/vips/guard.h"

namespace imageserver {
namespace {

constexpr int kStopEveryMs = 20;

// As much as a pipe may hold without privileges: pixels come in fewer, longer steps.
constexpr int kPipeBytes = 1 << 20;

Error not_started(int error) {
  static std::atomic<int> last = 0;
  if (last.exchange(error) != error) {
    log::error("imageserver-draw cannot be started: {}", std::generic_category().message(error));
  }
  return {ErrorKind::kInternal, "the picture could not be made"};
}

// Out of the way of the three descriptors that a program is started with.
UniqueFd moved_up(const UniqueFd& fd) {
  return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

// A file without a name that holds the bytes; not valid, with errno set, if there is none to be
// had.
UniqueFd file_with(std::string_view bytes) {
  const UniqueFd file(memfd_create("original", MFD_CLOEXEC));
  if (!file.valid()) return UniqueFd();
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t n = pwrite(file.get(), bytes.data() + written, bytes.size() - written,
                             static_cast<off_t>(written));
    if (n < 0 && errno != EINTR) return UniqueFd();
    if (n > 0) written += static_cast<std::size_t>(n);
  }
  return moved_up(file);
}

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  pipe.write_end = moved_up(pipe.write_end);
  if (!pipe.write_end.valid()) return std::nullopt;
  fcntl(pipe.read_end.get(), F_SETPIPE_SZ, kPipeBytes);  // a shorter one does as well
  return pipe;
}

// Which descriptors the program gets.
class FileActions {
 public:
  FileActions(const UniqueFd& input, const UniqueFd& output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // Sockets are not all made close-on-exec.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals as a program expects them, and a process group of its own: what a terminal sends to ours
// is not for it.
class Attributes {
 public:
  Attributes() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }

  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// 0, or why there is none.
int spawn(pid_t& pid, std::string program, std::vector<std::string> arguments,
          const FileActions& files) {
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::array<char*, 1> no_environment = {nullptr};
  const Attributes attributes;
  return posix_spawn(&pid, program.c_str(), files.get(), attributes.get(), argv.data(),
                     no_environment.data());
}

std::chrono::microseconds microseconds_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Result<SandboxProcess> SandboxProcess::start(const std::string& program,
                                             const std::vector<std::string>& arguments,
                                             std::string_view input) {
  const UniqueFd file = file_with(input);
  if (!file.valid()) return not_started(errno);
  std::optional<Pipe> pipe = make_pipe();
  if (!pipe) return not_started(errno);
  pid_t pid = -1;
  const int error = spawn(pid, program, arguments, FileActions(file, pipe->write_end));
  if (error != 0) return not_started(error);
  return SandboxProcess(pid, std::move(pipe->read_end));
}

std::chrono::microseconds SandboxProcess::end() {
  if (pid_ <= 0) return {};
  kill(-pid_, SIGKILL);
  rusage used{};
  while (wait4(pid_, nullptr, 0, &used) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return microseconds_of(used.ru_utime) + microseconds_of(used.ru_stime);
}

Result<void> SandboxProcess::read(std::span<char> buffer, const std::stop_token& stop) const {
  while (!buffer.empty()) {
    if (stop.stop_requested()) return cancelled();
    pollfd readable{output_.get(), POLLIN, 0};
    if (poll(&readable, 1, kStopEveryMs) <= 0) continue;
    const ssize_t n = ::read(output_.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return damaged();
    buffer = buffer.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace imageserver
