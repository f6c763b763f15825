// The one error for a load that found no room to wait.

#ifndef IMAGESERVER_GROUPCACHE_BUSY_H_
#define IMAGESERVER_GROUPCACHE_BUSY_H_

#include "imageserver/error.h"

namespace imageserver {

// kBusy. Threads: any.
[[nodiscard]] inline Error busy() {
  return {ErrorKind::kBusy, "too many renders are waiting, try again in a moment"};
}

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_BUSY_H_
