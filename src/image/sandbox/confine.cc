#include "image/sandbox/confine.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

namespace imageserver {
namespace {

void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit value{most, most};
  if (setrlimit(resource, &value) != 0) throw std::runtime_error("a limit cannot be set");
}

}  // namespace

void confine_process(int cpu_seconds, Addresses addresses) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  std::signal(SIGXFSZ, SIG_IGN);  // a cache of fonts that cannot be written is no reason to end
  if (addresses == Addresses::kLimited) limit(RLIMIT_AS, rlim_t{1} << 30U);
  limit(RLIMIT_CPU, static_cast<rlim_t>(cpu_seconds));
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 64);
  limit(RLIMIT_CORE, 0);
}

}  // namespace imageserver
