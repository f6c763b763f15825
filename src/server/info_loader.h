// Describes originals on the worker threads.

#ifndef IMAGESERVER_SERVER_INFO_LOADER_H_
#define IMAGESERVER_SERVER_INFO_LOADER_H_

#include <stop_token>
#include <string>

#include "base/worker_pool.h"
#include "groupcache/loader.h"
#include "image/plan/admit.h"
#include "imageserver/error.h"
#include "render/renderer.h"
#include "source/source.h"

namespace imageserver {

// Threads: any, concurrently. REQUIRES: all three outlive it.
class InfoLoader final : public Loader {
 public:
  InfoLoader(const Source& source, WorkerPool& workers, Renderer& renderer)
      : source_(source), workers_(workers), renderer_(renderer) {}

  // The description is info_json()'s. REQUIRES: the query is Of::kDescription.
  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  [[nodiscard]] bool has_backlog() const override;

 private:
  [[nodiscard]] Result<ImagePtr> load_info(const std::string& path, const std::stop_token& stop,
                                           const Admit& admit) const;

  const Source& source_;
  WorkerPool& workers_;
  Renderer& renderer_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_INFO_LOADER_H_
