// Gets originals and transforms them, on the worker threads.

#ifndef IMAGESERVER_SERVER_RENDER_LOADER_H_
#define IMAGESERVER_SERVER_RENDER_LOADER_H_

#include "base/worker_pool.h"
#include "groupcache/loader.h"
#include "image/plan/admit.h"
#include "render/renderer.h"
#include "server/originals.h"

namespace imageserver {

// A picture takes a worker once all that it is made of, and that lies on a server, is there.
//
// Threads: as Loader. REQUIRES: all that it is given outlives it.
class RenderLoader final : public Loader {
 public:
  // `watermarks` holds the files that `watermark=name` may name; null: there are none.
  RenderLoader(Originals& originals, Originals* watermarks, WorkerPool& workers, Renderer& renderer)
      : originals_(originals), watermarks_(watermarks), workers_(workers), renderer_(renderer) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  // More renders wait than would find a worker once those under way are done; those that are known
  // to be heavy do not count, as a load begun now need not wait for them.
  [[nodiscard]] bool has_backlog() const override;

 private:
  // What a picture is made of, as far as it was fetched.
  struct Material {
    Originals::Found original;
    Originals::Found watermark;
  };

  void add_watermark(const QueryPtr& query, const std::stop_token& stop, Material material,
                     const Completion& done);
  void submit(const QueryPtr& query, const std::stop_token& stop, Material material,
              const Completion& done);
  void forget_unreadable(const TransformSpec& spec, const Error& error);
  [[nodiscard]] Result<ImagePtr> read_and_transform(const TransformSpec& spec,
                                                    const Material& material,
                                                    const std::stop_token& stop,
                                                    const Admit& admit) const;
  [[nodiscard]] Result<Originals::Original> read_watermark(const TransformSpec& spec,
                                                           const Material& material,
                                                           const std::stop_token& stop) const;

  Originals& originals_;
  Originals* const watermarks_;
  WorkerPool& workers_;
  Renderer& renderer_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RENDER_LOADER_H_
