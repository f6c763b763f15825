// Root without its power over files, for tests that are run by root.

#ifndef IMAGESERVER_TESTS_SUPPORT_FILE_RIGHTS_H_
#define IMAGESERVER_TESTS_SUPPORT_FILE_RIGHTS_H_

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace imageserver::testing {

// While it lives, the modes of files hold for this thread, whoever runs it. Threads: one.
class ModesHold {
 public:
  ModesHold() {
    call(SYS_capget, before_);
    Sets without = before_;
    for (const unsigned power : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
      without[0].effective &= ~(1U << power);
    }
    call(SYS_capset, without);
  }
  ~ModesHold() { syscall(SYS_capset, &header_, before_.data()); }

  ModesHold(const ModesHold&) = delete;
  ModesHold& operator=(const ModesHold&) = delete;

 private:
  using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

  void call(long number, Sets& sets) {
    if (syscall(number, &header_, sets.data()) != 0) {
      throw std::runtime_error("the thread's capabilities cannot be changed");
    }
  }

  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  Sets before_{};
};

// From now on the modes of files hold for every program that this thread starts. Only root needs
// it, and only root may do it.
inline void let_modes_hold_for_children() {
  for (const unsigned long power : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
    if (prctl(PR_CAPBSET_DROP, power, 0, 0, 0) != 0 && errno != EPERM) {
      throw std::runtime_error("the capabilities of children cannot be bounded");
    }
  }
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_FILE_RIGHTS_H_
