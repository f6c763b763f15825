// Runs a program as a kernel does that refuses some of a sandbox.
//
// Usage: refusing_kernel ERRNO WHAT... -- PROGRAM ARGUMENT...
// WHAT is `landlock` or `seccomp`.

#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace {

void refuse(scmp_filter_ctx filter, std::string_view what, int error) {
  const auto action = SCMP_ACT_ERRNO(static_cast<unsigned>(error));
  if (what == "landlock") {
    seccomp_rule_add(filter, action, SCMP_SYS(landlock_create_ruleset), 0);
  } else {
    seccomp_rule_add(filter, action, SCMP_SYS(seccomp), 0);
    const scmp_arg_cmp filters{0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0};
    seccomp_rule_add_array(filter, action, SCMP_SYS(prctl), 1, &filters);
  }
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kWrong = 125;
  if (argc < 5) return kWrong;
  const int error = std::atoi(argv[1]);  // NOLINT
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  int at = 2;
  for (; at < argc && std::string_view(argv[at]) != "--"; ++at) refuse(filter, argv[at], error);
  if (at + 1 >= argc || seccomp_load(filter) != 0) return kWrong;
  execv(argv[at + 1], argv + at + 1);
  return kWrong;
}
