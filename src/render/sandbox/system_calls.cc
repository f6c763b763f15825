#include "render/sandbox/system_calls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <memory>
#include <new>
#include <type_traits>

namespace imageserver {
namespace {

// By their names, as their numbers differ between processors. What this processor does not have, or
// libseccomp does not know, is left out.
constexpr auto kAlways = std::to_array<const char*>({
    // memory; what may be executed is mapped already: see allow_memory()
    "brk",
    "madvise",
    "mremap",
    "munmap",
    // descriptors that are open
    "close",
    "epoll_create1",
    "epoll_ctl",
    "epoll_pwait",
    "epoll_wait",
    "fstat",
    "lseek",
    "poll",
    "ppoll",
    "pread64",
    "read",
    "readv",
    "recvfrom",
    "sendmsg",
    "sendto",
    "write",
    "writev",
    // between threads; GLib waits by an eventfd
    "eventfd2",
    "futex",
    "membarrier",
    "rseq",
    "sched_getaffinity",
    "sched_yield",
    "set_robust_list",
    // clocks and chance
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "getrandom",
    "gettimeofday",
    "nanosleep",
    "time",
    // signals within the process, and a call that one interrupted
    "restart_syscall",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    // who it is
    "getcpu",
    "getegid",
    "geteuid",
    "getgid",
    "getpid",
    "getppid",
    "getrusage",
    "gettid",
    "getuid",
    "sysinfo",
    "uname",
    // its end
    "exit",
    "exit_group",
});

// To look for files and to read them. Where they may be is up to Landlock (reachable_files.h).
constexpr auto kFiles = std::to_array<const char*>({
    "access",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fstatfs",
    "getcwd",
    "getdents64",
    "lstat",
    "newfstatat",
    "readlink",
    "readlinkat",
    "stat",
    "statfs",
    "statx",
});

// The report of a sanitizer: it finds out by a pipe what memory can be read.
constexpr auto kReports = std::to_array<const char*>({"pipe", "pipe2"});

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    if (!context_) throw std::bad_alloc();
  }

  // Adds a rule. All conditions have to hold; a call may have several rules.
  void allow(const char* call, std::initializer_list<scmp_arg_cmp> conditions = {}) {
    add(SCMP_ACT_ALLOW, call, conditions);
  }

  void answer(const char* call, int error) {
    add(SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, {});
  }

  // 0, or an errno.
  [[nodiscard]] int load() {
    // All threads: a sanitizer has some by now. And the speed of a process without a filter:
    // kernels before 5.16 make one with a filter slower, against code that spies on its own
    // process. Where the kernel does not know one of the two, the filter holds as well.
    try_to_set(SCMP_FLTATR_CTL_TSYNC);
    try_to_set(SCMP_FLTATR_CTL_SSB);
    // A tree: some 90 calls are found in 7 steps.
    if (error_ == 0) error_ = seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    errno = 0;
    if (error_ == 0) error_ = seccomp_load(context_.get());
    return error_ != 0 && errno != 0 ? errno : -error_;  // the kernel's own answer says more
  }

 private:
  struct Release {
    void operator()(scmp_filter_ctx context) const { seccomp_release(context); }
  };

  void add(std::uint32_t action, const char* call, std::initializer_list<scmp_arg_cmp> conditions) {
    const int number = seccomp_syscall_resolve_name(call);
    if (number == __NR_SCMP_ERROR || error_ != 0) return;
    error_ = seccomp_rule_add_array(context_.get(), action, number,
                                    static_cast<unsigned>(conditions.size()), conditions.begin());
  }

  void try_to_set(scmp_filter_attr attribute) {
    static_cast<void>(seccomp_attr_set(context_.get(), attribute, 1));
  }

  std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, Release> context_;
  int error_ = 0;  // of libseccomp: below 0
};

// The argument has these bits of the mask and no others.
scmp_arg_cmp bits(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

// An argument that the kernel reads as an int: the upper half of its register means nothing.
scmp_arg_cmp number(unsigned argument, int value) {
  constexpr std::uint64_t kInt = 0xFFFF'FFFF;
  return bits(argument, kInt, static_cast<std::uint32_t>(value));
}

// No memory becomes code. And all that can be mapped is private and does not grow by itself: other
// memory would not count against the limit (RLIMIT_DATA).
void allow_memory(Filter& filter) {
  constexpr std::uint64_t kKinds = MAP_TYPE | MAP_GROWSDOWN;
  filter.allow("mmap", {bits(2, PROT_EXEC, 0), bits(3, kKinds, MAP_PRIVATE)});
  filter.allow("mprotect", {bits(2, PROT_EXEC | PROT_GROWSDOWN | PROT_GROWSUP, 0)});
}

// Threads, and no processes. glibc asks by clone3(), whose flags stand in memory that no filter
// sees, and takes clone() where there is none.
void allow_threads(Filter& filter) {
  constexpr std::uint64_t kOthers = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS |
                                    CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS | CLONE_PTRACE |
                                    CLONE_VFORK;
  filter.answer("clone3", ENOSYS);
  filter.allow("clone", {bits(0, CLONE_THREAD | kOthers, CLONE_THREAD)});
  filter.allow("prctl", {number(0, PR_SET_NAME)});
}

// abort() sends its signal by tgkill().
void allow_itself(Filter& filter) {
  filter.allow("tgkill", {number(0, getpid())});
  filter.allow("prlimit64", {number(0, 0), {2, SCMP_CMP_EQ, 0, 0}});  // no new limit: it only asks
}

// What fcntl() can do besides is to send signals (F_SETOWN) and to double descriptors.
void allow_reading(Filter& filter) {
  constexpr std::uint64_t kChanges = O_ACCMODE | O_CREAT | O_TRUNC;
  for (const char* call : kFiles) filter.allow(call);
  for (const int command : {F_GETFD, F_SETFD, F_GETFL}) filter.allow("fcntl", {number(1, command)});
  filter.allow("open", {bits(1, kChanges, O_RDONLY)});
  filter.allow("openat", {bits(2, kChanges, O_RDONLY)});
}

}  // namespace

int limit_system_calls(Confinement confinement) {
  Filter filter;
  for (const char* call : kAlways) filter.allow(call);
  allow_memory(filter);
  allow_threads(filter);
  allow_itself(filter);
  if (opens_files(confinement)) allow_reading(filter);
  if (kIsSanitized)
    for (const char* call : kReports) filter.allow(call);
  return filter.load();
}

}  // namespace imageserver
