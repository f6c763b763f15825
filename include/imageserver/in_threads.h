// Renders on the threads of this process.

#ifndef IMAGESERVER_IN_THREADS_H_
#define IMAGESERVER_IN_THREADS_H_

#include "imageserver/rendering.h"

namespace imageserver {

// Renders on the threads that ask, where no processes are to be had: a picture that ends a
// library's work by an assertion ends this process, and one that keeps it busy keeps a thread. Sets
// up libvips for the whole process: no cache, only the loaders and savers that we use, and no code
// of liborc (the environment variable ORC_CODE). Threads have no sandbox: with
// SandboxMode::kRequire there is nothing to render with. REQUIRES: no server was started so in this
// process before, as libvips starts once.
[[nodiscard]] MakeRenderer in_threads();

}  // namespace imageserver

#endif  // IMAGESERVER_IN_THREADS_H_
