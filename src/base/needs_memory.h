// The one error for work that takes more memory than there is for it.

#ifndef IMAGESERVER_BASE_NEEDS_MEMORY_H_
#define IMAGESERVER_BASE_NEEDS_MEMORY_H_

#include "imageserver/error.h"

namespace imageserver {

// kNeedsMemory. Threads: any.
[[nodiscard]] inline Error needs_memory() {
  return {ErrorKind::kNeedsMemory, "the picture takes more memory than a render may have"};
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_NEEDS_MEMORY_H_
