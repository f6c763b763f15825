#include "support/system_calls.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
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
  auto& [fault, made] = present->*call;
  if (++made > kWithoutEnd) {
    std::fputs("a system call is made again and again without end\n", stderr);
    std::abort();
  }
  return fault ? fault(made) : 0;
}

}  // namespace imageserver::testing

// The names that the linker gives to what the code calls (__wrap_) and to what it would have
// called. NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

using imageserver::testing::SystemCalls;

ssize_t __real_read(int file, void* bytes, size_t size);
int __real_fstat(int file, struct stat* status);
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);

ssize_t __wrap_read(int file, void* bytes, size_t size) {
  const int error = SystemCalls::fault_of(&SystemCalls::read);
  if (error == 0) return __real_read(file, bytes, size);
  errno = error;
  return -1;
}

int __wrap_fstat(int file, struct stat* status) {
  const int error = SystemCalls::fault_of(&SystemCalls::stat);
  if (error == 0) return __real_fstat(file, status);
  errno = error;
  return -1;
}

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
  const int error = number == SYS_openat2 ? SystemCalls::fault_of(&SystemCalls::open) : 0;
  if (error == 0) return __real_syscall(number, a, b, c, d, e, f);
  errno = error;
  return -1;
}
}
// NOLINTEND(bugprone-reserved-identifier)
