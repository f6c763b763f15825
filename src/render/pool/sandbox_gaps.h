// What the sandbox of a renderer lacks, in words for those who run a server.

#ifndef IMAGESERVER_RENDER_POOL_SANDBOX_GAPS_H_
#define IMAGESERVER_RENDER_POOL_SANDBOX_GAPS_H_

#include <string>

#include "render/wire/sandbox_report.h"

namespace imageserver {

// "the sandbox of renderers lacks Landlock: this kernel or container has none"; empty if it lacks
// nothing. Threads: any.
[[nodiscard]] std::string sandbox_gaps(const SandboxReport& report);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_SANDBOX_GAPS_H_
