// Makes pictures, and descriptions, of originals; where that happens is behind this interface.

#ifndef IMAGESERVER_RENDER_RENDERER_H_
#define IMAGESERVER_RENDER_RENDERER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/plan/admit.h"
#include "image/plan/context.h"
#include "image/plan/description.h"
#include "imageserver/error.h"
#include "imageserver/rendering.h"
#include "imageserver/sandbox_mode.h"
#include "params/transform_spec.h"
#include "render/renderer_stats.h"

namespace imageserver {

// The memory of its own that a renderer has which does nothing: at most so many bytes.
inline constexpr std::int64_t kIdleRendererMemory = 64 << 20;

// What a renderer is made for (MakeRenderer).
struct RenderTerms {
  TransformContext context;
  std::size_t workers = 1;  // jobs at once
  Demand unasked = {};      // for no more than either, `admit` need not be asked
  int nicer = 0;            // by how much its processes are, than this thread
  std::size_t recycle = 0;  // jobs of a process, which is then replaced; 0: any number
  std::chrono::milliseconds longest{60'000};  // that a job may take, however many wait for it
  SandboxMode sandbox = SandboxMode::kAuto;
};

// Both calls block until there is a result. `admit` is asked, on the calling thread, before work
// begins that takes long; after a no the result is cancelled(). So it is soon after `stop` is
// requested.
//
// Errors: kUnprocessable (not a picture in one of our formats, damaged, over a limit on sources,
// or not to be made as small as asked), kDeadly, kNeedsMemory, kInvalidParam (the result would be
// over a limit on results, or what is asked for is not in the picture), kCancelled, kOutOfMemory,
// kBusy (there are no descriptors for a process), kDeadlineExceeded (it takes longer than
// RenderTerms::longest), kInternal.
//
// Threads: any number at once.
class Renderer {
 public:
  virtual ~Renderer();

  // `watermark` is the file that `spec.watermark` names, empty if there is none. The result holds
  // `source` itself if the spec asks for no change. REQUIRES: `spec` comes from validate().
  [[nodiscard]] virtual Result<ImagePtr> picture(const Bytes& source, const TransformSpec& spec,
                                                 const Bytes& watermark,
                                                 const std::stop_token& stop,
                                                 const Admit& admit) = 0;

  // `name` is that of the original, for the log.
  [[nodiscard]] virtual Result<Description> description(const Bytes& source,
                                                        const std::string& name,
                                                        const std::stop_token& stop,
                                                        const Admit& admit) = 0;

  [[nodiscard]] virtual RendererStats stats() const;

  // The calling thread will call no more.
  virtual void thread_exit();
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_RENDERER_H_
