// Gets originals and describes them, on the worker threads.

#ifndef IMAGESERVER_SERVER_INFO_LOADER_H_
#define IMAGESERVER_SERVER_INFO_LOADER_H_

#include <stop_token>
#include <string>

#include "base/worker_pool.h"
#include "groupcache/loader.h"
#include "image/plan/admit.h"
#include "imageserver/error.h"
#include "render/renderer.h"
#include "server/originals.h"

namespace imageserver {

// Threads: any, concurrently. REQUIRES: all three outlive it.
class InfoLoader final : public Loader {
 public:
  InfoLoader(Originals& originals, WorkerPool& workers, Renderer& renderer)
      : originals_(originals), workers_(workers), renderer_(renderer) {}

  // The description is info_json()'s. REQUIRES: the query is Of::kDescription.
  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  [[nodiscard]] bool has_backlog() const override;

 private:
  void submit(const std::string& path, const std::stop_token& stop, const Originals::Found& found,
              const Completion& done);
  [[nodiscard]] Result<ImagePtr> read_and_describe(const std::string& path,
                                                   const Originals::Found& found,
                                                   const std::stop_token& stop,
                                                   const Admit& admit) const;

  Originals& originals_;
  WorkerPool& workers_;
  Renderer& renderer_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_INFO_LOADER_H_
