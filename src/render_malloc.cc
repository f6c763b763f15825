// The C allocator of imageserver-render: jemalloc, but memory that is not to be had ends the
// process. Libraries that are told so take it for damage of the file, or go on without what they
// lack: an AVIF was written without its picture, and CMYK converted without its profile.
//
// These functions stand before jemalloc's of the same names. C++ has std::bad_alloc, which is
// caught where it belongs.

#include <jemalloc/jemalloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "render/service/service.h"

namespace {

constexpr int kSocket = 3;

[[noreturn]] void end() {
  imageserver::say_no_memory(kSocket);
  _exit(1);
}

// More than any process can have: a number that somebody made up.
bool is_absurd(std::size_t size) { return size > std::numeric_limits<std::ptrdiff_t>::max(); }

void* take(std::size_t size, int flags) {
  if (is_absurd(size)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const memory = mallocx(size == 0 ? 1 : size, flags);
  if (memory == nullptr) end();
  return memory;
}

bool is_alignment(std::size_t value) { return value != 0 && (value & (value - 1)) == 0; }

void* take_aligned(std::size_t alignment, std::size_t size) {
  if (is_alignment(alignment)) return take(size, MALLOCX_ALIGN(alignment));
  errno = EINVAL;
  return nullptr;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return take(size, 0); }

void* calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  return take(__builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes, MALLOCX_ZERO);
}

void* realloc(void* memory, std::size_t size) {
  if (memory == nullptr) return take(size, 0);
  if (is_absurd(size)) return take(size, 0);
  void* const moved = rallocx(memory, size == 0 ? 1 : size, 0);
  if (moved == nullptr) end();
  return moved;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return take_aligned(alignment, size);
}

void* memalign(std::size_t alignment, std::size_t size) { return take_aligned(alignment, size); }

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  if (!is_alignment(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  *memory = take_aligned(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

}  // extern "C"
