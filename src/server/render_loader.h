// Makes pictures on the worker threads: original in, transformed picture out.

#ifndef IMAGESERVER_SERVER_RENDER_LOADER_H_
#define IMAGESERVER_SERVER_RENDER_LOADER_H_

#include "base/worker_pool.h"
#include "imageserver/group.h"
#include "imageserver/source.h"

namespace imageserver {

// Threads: as Loader. REQUIRES: `source` and `workers` outlive it.
class RenderLoader final : public Loader {
 public:
  RenderLoader(const Source& source, WorkerPool& workers) : source_(source), workers_(workers) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  // More renders wait than would find a worker once those under way are done.
  [[nodiscard]] bool has_backlog() const override;

 private:
  const Source& source_;
  WorkerPool& workers_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RENDER_LOADER_H_
