// Confines itself as a renderer does and tries one operation. The exit code is the errno of that,
// or 0 if it works.
//
// Usage: confined_operation HOW OPERATION [PATH]
// HOW is `lasting` or `once` (Confinement), `files` for Landlock alone, or `free` for none of it.

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "render/sandbox/confine.h"
#include "render/sandbox/reachable_files.h"

#ifdef IMAGESERVER_SANITIZED
// Looking for leaks takes another process.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }  // NOLINT
#endif

namespace imageserver {
namespace {

int error_of(long result) { return result < 0 ? errno : 0; }

// Of a call that makes a process: the new one ends at once.
int error_of_process(long pid) {
  if (pid == 0) _exit(0);
  if (pid < 0) return errno;
  waitpid(static_cast<pid_t>(pid), nullptr, 0);
  return 0;
}

int execute() {
  std::array<char*, 1> nothing = {nullptr};
  return error_of(execve("/bin/true", nothing.data(), nothing.data()));
}

int fork_by_clone3() {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  return error_of_process(syscall(SYS_clone3, &arguments, sizeof arguments));
}

// Whatever is at that address of the parent: what counts is whether it may be asked.
int read_parents_memory() {
  std::array<char, 8> bytes{};
  const iovec here{bytes.data(), bytes.size()};
  const int error = error_of(process_vm_readv(getppid(), &here, 1, &here, 1, 0));
  return error == EFAULT ? 0 : error;
}

int limit_itself() {
  const rlimit none{0, 0};
  return error_of(prlimit(0, RLIMIT_CORE, &none, nullptr));
}

int look_at_parents_limit() {
  rlimit limit{};
  return error_of(prlimit(getppid(), RLIMIT_CORE, nullptr, &limit));
}

int set_up_io_uring() {
  io_uring_params parameters{};
  return error_of(syscall(SYS_io_uring_setup, 1, &parameters));
}

int make_bpf_map() {
  bpf_attr attributes{};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  return error_of(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

int count_events() {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.exclude_kernel = 1;
  return error_of(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

int map(int protection, int flags, int fd) {
  return mmap(nullptr, 4096, protection, flags, fd, 0) == MAP_FAILED ? errno : 0;
}

int make_code() {
  void* const page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return error_of(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

int connect_pair() {
  std::array<int, 2> ends{};
  return error_of(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()));
}

int run_thread() {
  bool ran = false;
  std::thread([&ran] { ran = true; }).join();
  return ran ? 0 : ENOTSUP;
}

using Operation = int (*)(const char* path);

const std::map<std::string_view, Operation>& operations() {
  static const std::map<std::string_view, Operation> all = {
      {"read", [](const char* path) { return error_of(open(path, O_RDONLY)); }},
      {"list", [](const char* path) { return error_of(open(path, O_RDONLY | O_DIRECTORY)); }},
      {"write", [](const char* path) { return error_of(open(path, O_WRONLY | O_CREAT, 0600)); }},
      {"empty", [](const char* path) { return error_of(open(path, O_RDONLY | O_TRUNC)); }},
      {"truncate", [](const char* path) { return error_of(truncate(path, 0)); }},
      {"unlink", [](const char* path) { return error_of(unlink(path)); }},
      {"mkdir", [](const char* path) { return error_of(mkdir(path, 0700)); }},
      {"chmod", [](const char* path) { return error_of(chmod(path, 0600)); }},
      {"inet", [](const char*) { return error_of(socket(AF_INET, SOCK_STREAM, 0)); }},
      {"unix", [](const char*) { return error_of(socket(AF_UNIX, SOCK_STREAM, 0)); }},
      {"netlink", [](const char*) { return error_of(socket(AF_NETLINK, SOCK_RAW, 0)); }},
      {"socketpair", [](const char*) { return connect_pair(); }},
      {"execve", [](const char*) { return execute(); }},
      {"fork", [](const char*) { return error_of_process(fork()); }},
      {"vfork", [](const char*) { return error_of_process(vfork()); }},  // NOLINT
      {"clone3", [](const char*) { return fork_by_clone3(); }},
      {"unshare", [](const char*) { return error_of(unshare(CLONE_NEWUSER)); }},
      {"traceme", [](const char*) { return error_of(ptrace(PTRACE_TRACEME, 0, 0, 0)); }},
      {"trace parent", [](const char*) { return error_of(ptrace(PTRACE_SEIZE, getppid(), 0, 0)); }},
      {"kill parent", [](const char*) { return error_of(kill(getppid(), 0)); }},
      {"kill group", [](const char*) { return error_of(kill(0, 0)); }},
      {"kill all", [](const char*) { return error_of(kill(-1, 0)); }},
      {"tgkill parent",
       [](const char*) { return error_of(syscall(SYS_tgkill, getppid(), getppid(), 0)); }},
      {"signal parent by a descriptor",
       [](const char*) { return error_of(fcntl(STDIN_FILENO, F_SETOWN, getppid())); }},
      {"pidfd of parent",
       [](const char*) { return error_of(syscall(SYS_pidfd_open, getppid(), 0)); }},
      {"read parent", [](const char*) { return read_parents_memory(); }},
      {"limit parent", [](const char*) { return look_at_parents_limit(); }},
      {"limit itself", [](const char*) { return limit_itself(); }},
      {"outlive parent", [](const char*) { return error_of(prctl(PR_SET_PDEATHSIG, 0)); }},
      {"io_uring", [](const char*) { return set_up_io_uring(); }},
      {"bpf", [](const char*) { return make_bpf_map(); }},
      {"perf", [](const char*) { return count_events(); }},
      {"userfaultfd", [](const char*) { return error_of(syscall(SYS_userfaultfd, O_CLOEXEC)); }},
      {"keyring",
       [](const char*) {
         return error_of(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
       }},
      {"memfd", [](const char*) { return error_of(memfd_create("memory", 0)); }},
      {"unmount", [](const char* path) { return error_of(umount2(path, 0)); }},
      {"chroot", [](const char* path) { return error_of(chroot(path)); }},
      {"personality", [](const char*) { return error_of(personality(ADDR_NO_RANDOMIZE)); }},
      {"map shared memory",
       [](const char*) { return map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1); }},
      {"map memory that grows",
       [](const char*) {
         return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1);
       }},
      {"map code",
       [](const char*) { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1); }},
      {"make code", [](const char*) { return make_code(); }},
      {"thread", [](const char*) { return run_thread(); }},
      {"abort", [](const char*) -> int { std::abort(); }},
  };
  return all;
}

// False if that does not hold.
bool confine(std::string_view how) {
  if (how == "free") return true;
  const auto confinement = how == "lasting" ? Confinement::kLasting : Confinement::kOnce;
  limit_process(confinement);
  if (how == "files") return limit_files(confinement) == 0;
  return close_sandbox(confinement) == SandboxReport{};
}

}  // namespace
}  // namespace imageserver

int main(int argc, char** argv) {
  using namespace imageserver;
  constexpr int kWrong = 125;
  if (argc < 3 || !operations().contains(argv[2])) return kWrong;
  if (!confine(argv[1])) return kWrong;
  return operations().at(argv[2])(argc > 3 ? argv[3] : "");
}
