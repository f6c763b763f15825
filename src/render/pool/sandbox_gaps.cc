#include "render/pool/sandbox_gaps.h"

#include <cerrno>
#include <string_view>
#include <system_error>

namespace imageserver {
namespace {

// The errors with which a kernel says that it was built, or started, without a feature.
bool says_none(int error) { return error == ENOSYS || error == EOPNOTSUPP || error == EINVAL; }

void add_gap(std::string& gaps, std::string_view part, int error) {
  if (error == 0) return;
  gaps += gaps.empty() ? "the sandbox of renderers lacks " : "; it lacks ";
  gaps += part;
  gaps += says_none(error) ? ": this kernel or container has none"
                           : ": this kernel or container refuses it (" +
                                 std::generic_category().message(error) + ")";
}

}  // namespace

std::string sandbox_gaps(const SandboxReport& report) {
  std::string gaps;
  add_gap(gaps, "Landlock", report.files);
  add_gap(gaps, "its filter of system calls (seccomp)", report.system_calls);
  return gaps;
}

}  // namespace imageserver
