// A renderer at work: takes jobs from its server, one after the other, and answers them.

#ifndef IMAGESERVER_RENDER_SERVICE_SERVICE_H_
#define IMAGESERVER_RENDER_SERVICE_SERVICE_H_

#include "base/unique_fd.h"
#include "render/service/job_files.h"
#include "render/wire/sandbox_report.h"

namespace imageserver {

// Says what of the sandbox holds, and serves on a socket for as long as there is a server; then it
// ends the process. REQUIRES: libvips is started (VipsLibrary), the process is confined
// (close_sandbox).
[[noreturn]] void serve_renders(UniqueFd socket, const JobFiles& files,
                                const SandboxReport& sandbox);

// Tells the server that this process ends, as there is no memory left for its job. Allocates none.
// Threads: the one that works.
void say_no_memory(int socket);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_SERVICE_H_
