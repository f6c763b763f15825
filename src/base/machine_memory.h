// How much memory this process may use.

#ifndef IMAGESERVER_BASE_MACHINE_MEMORY_H_
#define IMAGESERVER_BASE_MACHINE_MEMORY_H_

#include <cstdint>
#include <filesystem>

namespace imageserver {

// The bytes of memory of the machine, or the limit of the process's control group (cgroups(7),
// version 1 or 2) or one above it, where that is less. `root` is where /proc and /sys are found.
// Threads: any.
[[nodiscard]] std::int64_t machine_memory(const std::filesystem::path& root = "/");

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_MACHINE_MEMORY_H_
