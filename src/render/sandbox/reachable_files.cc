#include "render/sandbox/reachable_files.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "base/unique_fd.h"

namespace imageserver {
namespace {

// Folders that there are not on this machine are left out.
#ifdef IMAGESERVER_SANITIZED
constexpr auto kFolders =
    std::to_array<const char*>({"/"});  // a sanitizer reads /proc and programs
#else
constexpr auto kFolders = std::to_array<const char*>({
    "/etc/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/usr/share/fonts",
    "/usr/share/poppler",
    "/var/cache/fontconfig",
});
#endif

constexpr std::uint64_t kReads = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

// glibc has no functions for these.
int create_ruleset(const landlock_ruleset_attr* attributes, std::size_t size, unsigned flags) {
  return static_cast<int>(syscall(SYS_landlock_create_ruleset, attributes, size, flags));
}

bool add_folder(const UniqueFd& ruleset, const UniqueFd& folder) {
  const landlock_path_beneath_attr rule{.allowed_access = kReads, .parent_fd = folder.get()};
  return syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool restrict_self(const UniqueFd& ruleset) {
  return syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

// All that a version of Landlock's interface can forbid, as far as it is about files.
std::uint64_t rights_of(int version) {
  constexpr std::uint64_t kFirst = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;
  constexpr std::uint64_t kTruncate = 1U << 14U;  // newer than the headers of Debian 12
  std::uint64_t rights = kFirst;
  if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) rights |= kTruncate;
  return rights;
}

bool add_folders(const UniqueFd& ruleset) {
  for (const char* path : kFolders) {
    const UniqueFd folder(open(path, O_PATH | O_CLOEXEC | O_DIRECTORY));
    if (folder.valid() && !add_folder(ruleset, folder)) return false;
  }
  return true;
}

}  // namespace

int limit_files(Confinement confinement) {
  const int version = create_ruleset(nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 0) return errno;
  const landlock_ruleset_attr attributes{.handled_access_fs = rights_of(version)};
  const UniqueFd ruleset(create_ruleset(&attributes, sizeof attributes, 0));
  if (!ruleset.valid()) return errno;
  if (opens_files(confinement) && !add_folders(ruleset)) return errno;
  return restrict_self(ruleset) ? 0 : errno;
}

}  // namespace imageserver
