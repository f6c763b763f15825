// The kernel's answers to the code under test, under a test's control.
//
// A program that has it (imageserver_wraps_system_calls) is linked with --wrap=read and so on.

#ifndef IMAGESERVER_TESTS_SUPPORT_SYSTEM_CALLS_H_
#define IMAGESERVER_TESTS_SUPPORT_SYSTEM_CALLS_H_

#include <cstddef>
#include <cstdint>
#include <functional>

namespace imageserver::testing {

// While it lives, it counts the calls of this thread, and may let them fail. One at a time.
class SystemCalls {
 public:
  SystemCalls();
  ~SystemCalls();
  SystemCalls(const SystemCalls&) = delete;
  SystemCalls& operator=(const SystemCalls&) = delete;

  // The number of the error that a call fails with; 0: it is made. `nth` counts from 1.
  using Fault = std::function<int(int nth)>;

  struct Call {
    Fault fault;
    int made = 0;
    std::size_t most = SIZE_MAX;  // bytes that are read or written by one call
  };

  Call open;
  Call openat2;
  Call stat;   // fstat
  Call read;   // read, and recv
  Call write;  // write, pwrite and sendmsg
  Call poll;
  Call make;       // socketpair and memfd_create
  Call duplicate;  // fcntl, with F_DUPFD_CLOEXEC
  Call spawn;      // posix_spawn

  // How many bytes the next call may read or write.
  [[nodiscard]] static std::size_t most_of(Call SystemCalls::* call);

  // The error for the next call. Ends the process if the code calls without end, so that a test of
  // it does not hang.
  [[nodiscard]] static int fault_of(Call SystemCalls::* call);
};

// A fault of the first `times` calls.
[[nodiscard]] inline SystemCalls::Fault at_first(int times, int error) {
  return [=](int nth) { return nth <= times ? error : 0; };
}

[[nodiscard]] inline SystemCalls::Fault always(int error) {
  return [=](int) { return error; };
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_SYSTEM_CALLS_H_
