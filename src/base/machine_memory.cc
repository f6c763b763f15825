#include "base/machine_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

// The number in a file of a line; kNoLimit for anything else ("max", or no such file).
std::int64_t limit_in(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return parse_whole<std::int64_t>(line).value_or(kNoLimit);
}

// The least limit of a group and of those above it, up to where groups are mounted.
std::int64_t limit_of_group(const fs::path& mounted, fs::path group, const char* file) {
  std::int64_t least = limit_in(mounted / file);
  for (; group.has_relative_path(); group = group.parent_path())
    least = std::min(least, limit_in(mounted / group.relative_path() / file));
  return least;
}

// A line of /proc/self/cgroup is "number:controllers:path". Version 2 has number 0 and no
// controllers.
std::int64_t limit_by(std::string_view line, const fs::path& mounts) {
  take_until(line, ':');
  const std::string_view controllers = take_until(line, ':');
  if (controllers.empty()) return limit_of_group(mounts, line, "memory.max");
  if (controllers != "memory") return kNoLimit;
  return limit_of_group(mounts / "memory", line, "memory.limit_in_bytes");
}

// MemTotal of /proc/meminfo, which counts in KiB.
std::int64_t all_memory(const fs::path& root) {
  constexpr std::int64_t kKibi = 1024;
  std::ifstream meminfo(root / "proc/meminfo");
  std::string name;
  std::int64_t kibibytes = 0;
  meminfo >> name >> kibibytes;
  return name == "MemTotal:" ? kibibytes * kKibi : kNoLimit;
}

}  // namespace

std::int64_t machine_memory(const fs::path& root) {
  std::int64_t least = all_memory(root);
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);)
    least = std::min(least, limit_by(line, root / "sys/fs/cgroup"));
  return least;
}

}  // namespace imageserver
