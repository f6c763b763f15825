#include "render/threads/thread_renderer.h"

#include <memory>

#include "image/describe.h"
#include "image/transform.h"
#include "imageserver/in_threads.h"

namespace imageserver {

MakeRenderer in_threads() {
  return [](const RenderTerms& terms) -> Result<std::unique_ptr<Renderer>> {
    if (terms.sandbox == SandboxMode::kRequire)
      return Error{ErrorKind::kInvalidParam, "--sandbox=require: threads have no sandbox"};
    return std::unique_ptr<Renderer>(new ThreadRenderer(terms.context));
  };
}

Result<ImagePtr> ThreadRenderer::picture(const Bytes& source, const TransformSpec& spec,
                                         const Bytes& watermark, const std::stop_token& stop,
                                         const Admit& admit) {
  const Result<ImagePtr> made = transform(source, spec, stop, context_, watermark, admit);
  if (made.has_error()) return made;
  const Image& image = **made;
  return make_image(*image.format, image.data, image.frames);
}

Result<Description> ThreadRenderer::description(const Bytes& source, const std::string& /*name*/,
                                                const std::stop_token& stop, const Admit& admit) {
  return describe(source, stop, context_, admit);
}

}  // namespace imageserver
