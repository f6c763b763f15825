// The kernel's answers to the code under test, under a test's control.
//
// A program that has system_calls.cc names the calls to its linker: --wrap=read and so on.

#ifndef IMAGESERVER_TESTS_SUPPORT_SYSTEM_CALLS_H_
#define IMAGESERVER_TESTS_SUPPORT_SYSTEM_CALLS_H_

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
  };

  Call open;  // openat2
  Call stat;
  Call read;

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
