// The error for work that is stopped as nobody waits for its result.

#ifndef IMAGESERVER_BASE_CANCELLED_H_
#define IMAGESERVER_BASE_CANCELLED_H_

#include "imageserver/error.h"

namespace imageserver {

// kCancelled. Threads: any.
[[nodiscard]] inline Error cancelled() {
  return {ErrorKind::kCancelled, "nobody waits for the result any more"};
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_CANCELLED_H_
