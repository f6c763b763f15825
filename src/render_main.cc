// imageserver-render: renders for a server that started it (render/wire/messages.h). It bounds what
// it may take and do before it looks at a file.
//
// Usage: imageserver-render KIND NICE LEVEL
// KIND is `lasting`, or `once` for one file of an untrusted format. Descriptor 3 is the socket to
// the server, 4 the memory with the files.

#include <pthread.h>
#include <sys/resource.h>

#include <array>
#include <cstddef>
#include <exception>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/free_memory.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/unique_fd.h"
#include "image/codec/allowed_operations.h"
#include "image/vips/vips_library.h"
#include "render/sandbox/confine.h"
#include "render/service/service.h"

#ifdef IMAGESERVER_SANITIZED
// In place of a limit on addresses, of which sanitizers need more than any limit would leave.
extern "C" const char* __asan_default_options() {  // NOLINT
  return "hard_rss_limit_mb=2048:quarantine_size_mb=16:detect_leaks=0";
}
#endif

// Read by jemalloc when it starts. One thread works, so one arena does; and addresses that are free
// go back to the system, as those count that are mapped (RLIMIT_DATA).
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "narenas:1,retain:false";
}

namespace imageserver {
namespace {

constexpr int kSocket = 3;
constexpr int kFiles = 4;

struct Role {
  bool once = false;
  int nice = 0;
  std::string level;  // of the log
};

std::optional<Role> parse_role(std::span<const char* const> arguments) {
  if (arguments.size() != 3) return std::nullopt;
  const std::string_view kind = arguments[0];
  const auto nice = parse_whole<int>(arguments[1]);
  if ((kind != "once" && kind != "lasting") || !nice) return std::nullopt;
  return Role{kind == "once", *nice, arguments[2]};
}

// Steps back behind the server. Where Linux groups what runs by sessions (autogroup, sched(7)), the
// nice value counts within the session alone, and the session has one of its own. Best effort.
void step_back(int nice) {
  static_cast<void>(setpriority(PRIO_PROCESS, 0, nice));
  std::ofstream("/proc/self/autogroup") << nice;
}

// Of each thread from now on. Libraries start several, and the usual 8 MiB for each would count as
// memory of this process (RLIMIT_DATA).
void bound_stacks() {
  constexpr std::size_t kStack = 2 << 20;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

[[noreturn]] void serve(const Role& role) {
  UniqueFd socket(kSocket);
  const JobFiles files{UniqueFd(kFiles)};
  step_back(role.nice);
  bound_stacks();
  keep_large_memory();
  log::set_level(log::level::from_str(role.level));
  const auto confinement = role.once ? Confinement::kOnce : Confinement::kLasting;
  limit_process(confinement);
  const UntrustedFormats all{.svg = true, .pdf = true, .jxl = true};
  const VipsLibrary library(allowed_operations(role.once ? all : UntrustedFormats()),
                            [] { say_no_memory(kSocket); });
  const SandboxReport sandbox = close_sandbox(confinement);  // no thread runs yet, no file is read
  serve_renders(std::move(socket), files, sandbox);
}

}  // namespace
}  // namespace imageserver

int main(int argc, char** argv) try {
  const auto role = imageserver::parse_role(
      std::span<const char* const>(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
  if (!role) return 2;
  imageserver::serve(*role);
} catch (const std::exception&) {
  return 1;
}
