#include "base/free_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

// jemalloc's, in programs that are linked with it.
extern "C" int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                       std::size_t new_size) __attribute__((weak));

namespace imageserver {

std::int64_t free_memory() {
  if (mallctl == nullptr) return INT64_MAX;
  std::uint64_t epoch = 1;
  mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch);  // refreshes what is told next
  std::size_t pages = 0;
  std::size_t size = sizeof pages;
  if (mallctl("stats.arenas.4096.pdirty", &pages, &size, nullptr, 0) != 0) return INT64_MAX;
  return static_cast<std::int64_t>(pages) * getpagesize();
}

void keep_large_memory() {
  if (mallctl == nullptr) return;
  std::size_t threshold = SIZE_MAX / 2;
  mallctl("arena.0.oversize_threshold", nullptr, nullptr, &threshold, sizeof threshold);
}

void give_back_free_memory() {
  if (mallctl == nullptr) {
    malloc_trim(0);
    return;
  }
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);  // of all arenas
}

}  // namespace imageserver
