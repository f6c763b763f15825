#include "render/pool/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "render/pool/not_started.h"

namespace imageserver {
namespace {

constexpr int kFirst = STDERR_FILENO + 1;

// Out of the way of the numbers that the program gets its descriptors under.
std::vector<UniqueFd> moved_up(const std::vector<const UniqueFd*>& descriptors) {
  std::vector<UniqueFd> moved;
  moved.reserve(descriptors.size());
  for (const UniqueFd* const descriptor : descriptors)
    moved.emplace_back(
        fcntl(descriptor->get(), F_DUPFD_CLOEXEC, kFirst + static_cast<int>(descriptors.size())));
  return moved;
}

// Which descriptors the program gets.
class FileActions {
 public:
  explicit FileActions(const std::vector<UniqueFd>& descriptors) {
    posix_spawn_file_actions_init(&actions_);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
#ifdef IMAGESERVER_SANITIZED
      if (standard == STDERR_FILENO) continue;  // what a sanitizer finds must be seen
#endif
      posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0);
    }
    int number = kFirst;
    for (const UniqueFd& descriptor : descriptors)
      posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), number++);
    // Sockets are not all made close-on-exec.
    posix_spawn_file_actions_addclosefrom_np(&actions_, number);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals as a program expects them, and a session of its own: what a terminal sends to ours is
// not for it.
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
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID));
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

#ifndef IMAGESERVER_SANITIZED
// Only one that has ended refuses it: it is a child with our rights.
void limit(pid_t pid, __rlimit_resource resource, std::int64_t bytes) {
  rlimit now{};
  if (prlimit(pid, resource, nullptr, &now) != 0) return;
  now.rlim_cur = std::min(static_cast<rlim_t>(bytes), now.rlim_max);
  static_cast<void>(prlimit(pid, resource, &now, nullptr));
}
#endif

}  // namespace

Result<Process> Process::start(const std::string& program,
                               const std::vector<std::string>& arguments,
                               const std::vector<const UniqueFd*>& descriptors) {
  const std::vector<UniqueFd> moved = moved_up(descriptors);
  for (const UniqueFd& descriptor : moved)
    if (!descriptor.valid()) return not_started(program, errno);
  pid_t pid = -1;
  const int error = spawn(pid, program, arguments, FileActions(moved));
  if (error != 0) return not_started(program, error);
  return Process(pid);
}

Process::~Process() {
  if (pid_ <= 0) return;
  kill(-pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Process::is_gone() const {
  siginfo_t what{};
  constexpr int kLook = WEXITED | WSTOPPED | WNOHANG | WNOWAIT;
  return waitid(P_PID, static_cast<id_t>(pid_), &what, kLook) != 0 || what.si_pid != 0;
}

// A sanitizer's memory for its own books would count.
void Process::limit_memory(std::int64_t bytes) const {
#ifndef IMAGESERVER_SANITIZED
  constexpr std::int64_t kRest = 1 << 30;
  limit(pid_, RLIMIT_DATA, bytes);
  limit(pid_, RLIMIT_AS, bytes + kRest);
#else
  static_cast<void>(bytes);
#endif
}

std::chrono::milliseconds Process::cpu_time() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::duration_cast<std::chrono::milliseconds>(
                                                 std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace imageserver
