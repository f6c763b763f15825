// Which system calls a renderer may make: a filter of seccomp(2), made by libseccomp.

#ifndef IMAGESERVER_RENDER_SANDBOX_SYSTEM_CALLS_H_
#define IMAGESERVER_RENDER_SANDBOX_SYSTEM_CALLS_H_

#include "render/sandbox/confinement.h"

namespace imageserver {

// From now on all threads of this process may use memory, threads, clocks and the descriptors that
// are open, end this process, and nothing else: every other call fails with EPERM. One of kOnce may
// open files for reading as well. 0, or the errno with which the kernel refuses the filter; then
// nothing has changed. Threads: called once.
[[nodiscard]] int limit_system_calls(Confinement confinement);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SANDBOX_SYSTEM_CALLS_H_
