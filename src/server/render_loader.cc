#include "server/render_loader.h"

#include <exception>
#include <utility>

#include "base/log.h"
#include "image/transform.h"

namespace imageserver {
namespace {

Result<ImagePtr> render(const Source& source, const TransformSpec& spec,
                        const std::stop_token& stop) {
  // Work that nobody waits for any more is not begun.
  if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "cancelled"};
  const Result<Bytes> original = source.get(spec.source);
  if (original.has_error()) return original.error();
  return transform(*original, spec, stop);
}

Result<ImagePtr> render_or_explain(const Source& source, const TransformSpec& spec,
                                   const std::stop_token& stop) {
  try {
    return render(source, spec, stop);
  } catch (const std::exception& exception) {
    log::error("rendering {}: {}", spec.source, exception.what());
    return Error{ErrorKind::kInternal, "internal error"};
  }
}

}  // namespace

void RenderLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  const bool taken =
      workers_.try_submit([this, query = std::move(query), stop,
                           done] { done(render_or_explain(source_, query->spec, stop)); },
                          stop);
  if (!taken) done(Error{ErrorKind::kBusy, "too many renders are waiting, try again in a moment"});
}

bool RenderLoader::has_backlog() const { return workers_.waiting() > workers_.size(); }

}  // namespace imageserver
