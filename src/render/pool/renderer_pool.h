// The renderers of a server: processes that wait for work, and are replaced when they are spent.

#ifndef IMAGESERVER_RENDER_POOL_RENDERER_POOL_H_
#define IMAGESERVER_RENDER_POOL_RENDERER_POOL_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/worker_pool.h"
#include "imageserver/error.h"
#include "render/pool/renderer_process.h"
#include "render/renderer.h"

namespace imageserver {

struct RendererPoolOptions {
  RendererProcessOptions process;  // of each, but for its kind
  std::size_t lasting = 1;         // renderers that wait from the beginning
  std::size_t once = 0;            // as many of kOnce wait at any time
  std::size_t most_jobs = 0;       // then a renderer is replaced; 0: never
};

// A renderer is of one job at a time: who takes it has it. One that ends while it waits is replaced
// within a second or two. Threads: any. REQUIRES: all are given back before the pool ends.
class RendererPool {
 public:
  // Starts the renderers, and returns while they start.
  explicit RendererPool(RendererPoolOptions options);
  ~RendererPool();

  RendererPool(const RendererPool&) = delete;
  RendererPool& operator=(const RendererPool&) = delete;

  // One that waits, or a new one. not_started() if none can be started.
  [[nodiscard]] Result<std::unique_ptr<RendererProcess>> take(RendererKind kind);

  // Takes one back, to wait for the next job, or ends it and starts another in its place: also one
  // that still holds half of a job's memory.
  void give_back(std::unique_ptr<RendererProcess> renderer, RendererProcess::End end);

  // The same of one that was given no job.
  void give_back_unused(std::unique_ptr<RendererProcess> renderer) { wait(std::move(renderer)); }

  [[nodiscard]] RendererStats stats() const;

 private:
  using Renderers = std::vector<std::unique_ptr<RendererProcess>>;

  [[nodiscard]] Result<std::unique_ptr<RendererProcess>> start(RendererKind kind);
  [[nodiscard]] std::unique_ptr<RendererProcess> take_idle(RendererKind kind);
  void add(RendererKind kind);
  void wait(std::unique_ptr<RendererProcess> renderer);
  void keep();
  [[nodiscard]] bool goes_on();
  [[nodiscard]] std::size_t end_gone(RendererKind kind);
  [[nodiscard]] bool is_spent(const RendererProcess& renderer) const;
  void count(RendererProcess::End end);
  [[nodiscard]] Renderers& idle(RendererKind kind) IMAGESERVER_REQUIRES(mutex_) {
    return kind == RendererKind::kOnce ? once_ : lasting_;
  }

  const RendererPoolOptions options_;

  // The one thread that starts renderers: Linux ends a child with the thread that started it
  // (PR_SET_PDEATHSIG), and those who ask for renderers may end earlier than these.
  WorkerPool starter_;

  mutable Mutex mutex_;
  RendererStats stats_ IMAGESERVER_GUARDED_BY(mutex_);
  Renderers lasting_ IMAGESERVER_GUARDED_BY(mutex_);
  Renderers once_ IMAGESERVER_GUARDED_BY(mutex_);
  bool ends_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  ConditionVariable ended_;
  std::thread keeper_;  // looks after those that wait
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_RENDERER_POOL_H_
