// The error for a renderer that cannot be started.

#ifndef IMAGESERVER_RENDER_POOL_NOT_STARTED_H_
#define IMAGESERVER_RENDER_POOL_NOT_STARTED_H_

#include <string>

#include "imageserver/error.h"

namespace imageserver {

// kBusy if `error` (of errno) is a shortage, which passes, as of descriptors; else kInternal. It is
// logged if it is not the same as the one before. Threads: any.
[[nodiscard]] Error not_started(const std::string& program, int error);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_NOT_STARTED_H_
