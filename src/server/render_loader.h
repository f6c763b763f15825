// Loads originals and transforms them, on the worker threads.

#ifndef IMAGESERVER_SERVER_RENDER_LOADER_H_
#define IMAGESERVER_SERVER_RENDER_LOADER_H_

#include "base/worker_pool.h"
#include "groupcache/loader.h"
#include "image/plan/admit.h"
#include "render/renderer.h"
#include "source/source.h"

namespace imageserver {

// Threads: as Loader. REQUIRES: the sources, `workers` and the renderer outlive
// it.
class RenderLoader final : public Loader {
 public:
  // `watermarks` holds the files that `watermark=name` may name; null: there are none.
  RenderLoader(const Source& source, const Source* watermarks, WorkerPool& workers,
               Renderer& renderer)
      : source_(source), watermarks_(watermarks), workers_(workers), renderer_(renderer) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  // More renders wait than would find a worker once those under way are done; those that are known
  // to be heavy do not count, as a load begun now need not wait for them.
  [[nodiscard]] bool has_backlog() const override;

 private:
  [[nodiscard]] Result<ImagePtr> load_and_transform(const TransformSpec& spec,
                                                    const std::stop_token& stop,
                                                    const Admit& admit) const;
  [[nodiscard]] Result<Bytes> load_watermark(const TransformSpec& spec,
                                             const std::stop_token& stop) const;

  const Source& source_;
  const Source* const watermarks_;
  WorkerPool& workers_;
  Renderer& renderer_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RENDER_LOADER_H_
