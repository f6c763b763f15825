// How the memory of all renders together is shared out.

#ifndef IMAGESERVER_SERVER_RENDER_MEMORY_H_
#define IMAGESERVER_SERVER_RENDER_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "base/job_queue.h"

namespace imageserver {

// What jobs may take where all renderers have `total` bytes together, and `renderers` of them may
// hold memory at a time. Each has what it needs while it does nothing, and a part for one job;
// heavy jobs share the rest. REQUIRES: renderers > 0.
[[nodiscard]] JobMemory share_out(std::int64_t total, std::size_t renderers);

// The least total that leaves each renderer the memory for a usual job.
[[nodiscard]] std::int64_t least_render_memory(std::size_t renderers);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RENDER_MEMORY_H_
