// Renders on the threads that ask, in this process: for embedding, where there are no processes to
// be had. A file that brings a library of pictures down brings this process down.

#ifndef IMAGESERVER_RENDER_THREADS_THREAD_RENDERER_H_
#define IMAGESERVER_RENDER_THREADS_THREAD_RENDERER_H_

#include "image/codec/allowed_operations.h"
#include "image/plan/context.h"
#include "image/vips/vips_library.h"
#include "render/renderer.h"

namespace imageserver {

// At most one a process, and none after the first is gone, as libvips starts once. A stop is seen
// when the call of a codec that is under way returns.
class ThreadRenderer final : public Renderer {
 public:
  explicit ThreadRenderer(const TransformContext& context)
      : context_(context), vips_(allowed_operations(context.untrusted)) {}

  [[nodiscard]] Result<ImagePtr> picture(const Bytes& source, const TransformSpec& spec,
                                         const Bytes& watermark, const std::stop_token& stop,
                                         const Admit& admit) override;
  [[nodiscard]] Result<Description> description(const Bytes& source, const std::string& name,
                                                const std::stop_token& stop,
                                                const Admit& admit) override;
  void thread_exit() override { VipsLibrary::thread_exit(); }

 private:
  const TransformContext context_;
  const VipsLibrary vips_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_THREADS_THREAD_RENDERER_H_
