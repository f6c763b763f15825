// The one error for work that found no memory.

#ifndef IMAGESERVER_BASE_OUT_OF_MEMORY_H_
#define IMAGESERVER_BASE_OUT_OF_MEMORY_H_

#include "imageserver/error.h"

namespace imageserver {

// kOutOfMemory. Threads: any.
[[nodiscard]] inline Error out_of_memory() {
  return {ErrorKind::kOutOfMemory, "out of memory, try again in a moment"};
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_OUT_OF_MEMORY_H_
