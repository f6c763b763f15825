// What a process takes from itself before it reads a file that it does not trust.

#ifndef IMAGESERVER_RENDER_SANDBOX_CONFINE_H_
#define IMAGESERVER_RENDER_SANDBOX_CONFINE_H_

#include "render/sandbox/confinement.h"
#include "render/wire/sandbox_report.h"

namespace imageserver {

// From now on this process has 64 descriptors, and cannot write a file, leave a core, gain
// privileges or outlive its parent. One of kOnce has 1 GiB of addresses and 5 seconds of processor
// time as well: what its server does not see ends there. Throws std::runtime_error if a limit
// cannot be set. Threads: called once, before there are others.
void limit_process(Confinement confinement);

// From now on this process reaches no network, no other process and no files but those that
// reachable_files.h names, and maps no new code. What the kernel refuses of that is reported, and
// goes without. REQUIRES: libraries are loaded and started. Threads: called once; Landlock does not
// hold for threads that there are already.
[[nodiscard]] SandboxReport close_sandbox(Confinement confinement);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SANDBOX_CONFINE_H_
