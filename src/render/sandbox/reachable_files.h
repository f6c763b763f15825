// Which files a renderer may open: a ruleset of Landlock.

#ifndef IMAGESERVER_RENDER_SANDBOX_REACHABLE_FILES_H_
#define IMAGESERVER_RENDER_SANDBOX_REACHABLE_FILES_H_

#include "render/sandbox/confinement.h"

namespace imageserver {

// From now on this thread, and those that it starts, may open no file; one of kOnce may read fonts,
// what fontconfig knows of them, and the tables of poppler. Where it may not open a file, it may
// still see that there is one. 0, or the errno with which the kernel refuses that; then nothing has
// changed. REQUIRES: limit_process() was called. Threads: called once.
[[nodiscard]] int limit_files(Confinement confinement);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SANDBOX_REACHABLE_FILES_H_
