#include "render/sandbox/confine.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

#include "render/sandbox/reachable_files.h"
#include "render/sandbox/system_calls.h"

namespace imageserver {
namespace {

void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit value{most, most};
  if (setrlimit(resource, &value) != 0) throw std::runtime_error("a limit cannot be set");
}

void limit_once() {
  constexpr rlim_t kAddresses = rlim_t{1} << 30U;
  constexpr rlim_t kSeconds = 5;
  if (!kIsSanitized) limit(RLIMIT_AS, kAddresses);
  limit(RLIMIT_CPU, kSeconds);
}

}  // namespace

void limit_process(Confinement confinement) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  std::signal(SIGXFSZ, SIG_IGN);  // a cache of fonts that cannot be written is no reason to end
  if (confinement == Confinement::kOnce) limit_once();
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 64);
  limit(RLIMIT_CORE, 0);
}

SandboxReport close_sandbox(Confinement confinement) {
  SandboxReport report;
  report.files = limit_files(confinement);  // first, as the filter refuses the calls that it needs
  report.system_calls = limit_system_calls(confinement);
  return report;
}

}  // namespace imageserver
