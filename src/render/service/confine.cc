#include "render/service/confine.h"

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

void confine_once() {
  constexpr rlim_t kAddresses = rlim_t{1} << 30U;
  constexpr rlim_t kSeconds = 5;
#ifndef IMAGESERVER_SANITIZED
  limit(RLIMIT_AS, kAddresses);
#else
  static_cast<void>(kAddresses);
#endif
  limit(RLIMIT_CPU, kSeconds);
}

}  // namespace

void confine_process(Confinement confinement) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  std::signal(SIGXFSZ, SIG_IGN);  // a cache of fonts that cannot be written is no reason to end
  if (confinement == Confinement::kOnce) confine_once();
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 64);
  limit(RLIMIT_CORE, 0);
}

}  // namespace imageserver
