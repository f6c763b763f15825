// Renders in processes of their own, so that no file can bring this one down.

#ifndef IMAGESERVER_RENDER_POOL_PROCESS_RENDERER_H_
#define IMAGESERVER_RENDER_POOL_PROCESS_RENDERER_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "image/plan/context.h"
#include "imageserver/sandbox_mode.h"
#include "render/pool/renderer_pool.h"
#include "render/renderer.h"

namespace imageserver {

// What a renderer says is checked: it has read a stranger's file. A job whose renderer dies of it
// is tried once more, by another; then it is the file's fault (kDeadly, kNeedsMemory). A renderer
// that works for nobody any more is ended.
class ProcessRenderer final : public Renderer {
 public:
  // `program` is the path of imageserver-render.
  ProcessRenderer(const RenderTerms& terms, std::string program);

  // Waits until a renderer of each kind has started. kInternal, with what its sandbox lacks, where
  // it must lack nothing (RenderTerms::sandbox).
  [[nodiscard]] Result<void> check_sandbox();

  [[nodiscard]] Result<ImagePtr> picture(const Bytes& source, const TransformSpec& spec,
                                         const Bytes& watermark, const std::stop_token& stop,
                                         const Admit& admit) override;
  [[nodiscard]] Result<Description> description(const Bytes& source, const std::string& name,
                                                const std::stop_token& stop,
                                                const Admit& admit) override;
  [[nodiscard]] RendererStats stats() const override { return pool_.stats(); }

 private:
  template <class T, class Read>
  [[nodiscard]] Result<T> answer_to(const Assignment& assignment, const Read& read);
  [[nodiscard]] RendererProcess::Outcome run_in(RendererProcess& renderer,
                                                const Assignment& assignment);
  [[nodiscard]] bool accepts(const SandboxReport& report);
  [[nodiscard]] std::optional<Error> sandbox_error(RendererKind kind);
  [[nodiscard]] RendererKind kind_for(const Assignment& assignment) const;

  [[nodiscard]] RenderJob job_for(const Bytes& source, const Bytes& watermark) const;

  const TransformContext context_;
  const Demand unasked_;
  const SandboxMode sandbox_;
  std::atomic<bool> gaps_said_ = false;
  RendererPool pool_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_PROCESS_RENDERER_H_
