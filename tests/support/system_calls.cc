#include "support/system_calls.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace imageserver::testing {
namespace {

constexpr int kWithoutEnd = 1000;

thread_local SystemCalls* present = nullptr;

}  // namespace

SystemCalls::SystemCalls() { present = this; }

SystemCalls::~SystemCalls() { present = nullptr; }

int SystemCalls::fault_of(Call SystemCalls::* call) {
  if (present == nullptr) return 0;
  Call& one = present->*call;
  if (++one.made > kWithoutEnd) {
    std::fputs("a system call is made again and again without end\n", stderr);
    std::abort();
  }
  return one.fault ? one.fault(one.made) : 0;
}

std::size_t SystemCalls::most_of(Call SystemCalls::* call) {
  return present == nullptr ? SIZE_MAX : (present->*call).most;
}

}  // namespace imageserver::testing

namespace {

using imageserver::testing::SystemCalls;

// What the call gives; -1, with errno set, if it is to fail.
template <class Real>
auto unless_it_fails(SystemCalls::Call SystemCalls::* call, const Real& real) -> decltype(real()) {
  const int error = SystemCalls::fault_of(call);
  if (error == 0) return real();
  errno = error;
  return -1;
}

std::size_t cut(SystemCalls::Call SystemCalls::* call, std::size_t size) {
  return std::min(size, SystemCalls::most_of(call));
}

}  // namespace

// The names that the linker gives to what the code calls (__wrap_) and to what it would have
// called. NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

ssize_t __real_read(int file, void* bytes, size_t size);
ssize_t __real_recv(int socket, void* bytes, size_t size, int flags);
ssize_t __real_write(int file, const void* bytes, size_t size);
ssize_t __real_pwrite(int file, const void* bytes, size_t size, off_t at);
ssize_t __real_sendmsg(int socket, const struct msghdr* message, int flags);
int __real_poll(struct pollfd* files, nfds_t count, int milliseconds);
int __real_open(const char* path, int flags, mode_t mode);
int __real_fcntl(int file, int command, long argument);
int __real_fstat(int file, struct stat* status);
int __real_socketpair(int domain, int type, int protocol, int ends[2]);
int __real_memfd_create(const char* name, unsigned flags);
int __real_posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                       const posix_spawnattr_t* attributes, char* const argv[], char* const envp[]);
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);

ssize_t __wrap_read(int file, void* bytes, size_t size) {
  return unless_it_fails(&SystemCalls::read,
                         [=] { return __real_read(file, bytes, cut(&SystemCalls::read, size)); });
}

ssize_t __wrap_recv(int socket, void* bytes, size_t size, int flags) {
  return unless_it_fails(&SystemCalls::read, [=] {
    return __real_recv(socket, bytes, cut(&SystemCalls::read, size), flags);
  });
}

ssize_t __wrap_write(int file, const void* bytes, size_t size) {
  return unless_it_fails(&SystemCalls::write,
                         [=] { return __real_write(file, bytes, cut(&SystemCalls::write, size)); });
}

ssize_t __wrap_pwrite(int file, const void* bytes, size_t size, off_t at) {
  return unless_it_fails(&SystemCalls::write, [=] {
    return __real_pwrite(file, bytes, cut(&SystemCalls::write, size), at);
  });
}

// Of several parts, a call that is cut sends some of the first.
ssize_t __wrap_sendmsg(int socket, const struct msghdr* message, int flags) {
  return unless_it_fails(&SystemCalls::write, [=] {
    if (SystemCalls::most_of(&SystemCalls::write) == SIZE_MAX) {
      return __real_sendmsg(socket, message, flags);
    }
    iovec first = message->msg_iov[0];
    first.iov_len = cut(&SystemCalls::write, first.iov_len);
    msghdr part = *message;
    part.msg_iov = &first;
    part.msg_iovlen = 1;
    return __real_sendmsg(socket, &part, flags);
  });
}

int __wrap_poll(struct pollfd* files, nfds_t count, int milliseconds) {
  return unless_it_fails(&SystemCalls::poll,
                         [=] { return __real_poll(files, count, milliseconds); });
}

int __wrap_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return unless_it_fails(&SystemCalls::open, [=] { return __real_open(path, flags, mode); });
}

int __wrap_fcntl(int file, int command, ...) {
  va_list rest;
  va_start(rest, command);
  const long argument = va_arg(rest, long);
  va_end(rest);
  if (command != F_DUPFD_CLOEXEC) return __real_fcntl(file, command, argument);
  return unless_it_fails(&SystemCalls::duplicate,
                         [=] { return __real_fcntl(file, command, argument); });
}

int __wrap_fstat(int file, struct stat* status) {
  return unless_it_fails(&SystemCalls::stat, [=] { return __real_fstat(file, status); });
}

int __wrap_socketpair(int domain, int type, int protocol, int ends[2]) {
  return unless_it_fails(&SystemCalls::make,
                         [=] { return __real_socketpair(domain, type, protocol, ends); });
}

int __wrap_memfd_create(const char* name, unsigned flags) {
  return unless_it_fails(&SystemCalls::make, [=] { return __real_memfd_create(name, flags); });
}

// It returns the error.
int __wrap_posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                       const posix_spawnattr_t* attributes, char* const argv[],
                       char* const envp[]) {
  const int error = SystemCalls::fault_of(&SystemCalls::spawn);
  return error != 0 ? error : __real_posix_spawn(pid, path, actions, attributes, argv, envp);
}

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
  if (number != SYS_openat2) return __real_syscall(number, a, b, c, d, e, f);
  return unless_it_fails(&SystemCalls::openat2,
                         [=] { return __real_syscall(number, a, b, c, d, e, f); });
}
}
// NOLINTEND(bugprone-reserved-identifier)
