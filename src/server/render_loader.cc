#include "server/render_loader.h"

#include <utility>

#include "params/invalid_param.h"
#include "params/names.h"
#include "server/worker_job.h"

namespace imageserver {
namespace {

Error no_watermarks() {
  return invalid_param(names::kWatermark, "this server has no watermarks (--watermarks)");
}

Error no_such_watermark() { return invalid_param(names::kWatermark, "there is no such watermark"); }

}  // namespace

void RenderLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  std::string name = query->spec.source;
  run_on<ImagePtr>(
      workers_, std::move(name), stop,
      [this, query = std::move(query), stop](const Admit& admit) {
        return load_and_transform(query->spec, stop, admit);
      },
      done);
}

bool RenderLoader::has_backlog() const { return workers_.waiting() > workers_.size(); }

Result<ImagePtr> RenderLoader::load_and_transform(const TransformSpec& spec,
                                                  const std::stop_token& stop,
                                                  const Admit& admit) const {
  const Result<Bytes> original = source_.get(spec.source, stop);
  if (original.has_error()) return original.error();
  const Result<Bytes> watermark = load_watermark(spec, stop);
  if (watermark.has_error()) return watermark.error();
  return renderer_.picture(*original, spec, *watermark, stop, admit);
}

// Empty if none is asked for. kInternal for a file that cannot be read: neither the client nor the
// original is at fault. The source has logged why where it may not be read.
Result<Bytes> RenderLoader::load_watermark(const TransformSpec& spec,
                                           const std::stop_token& stop) const {
  if (!spec.watermark) return Bytes();
  if (watermarks_ == nullptr) return no_watermarks();
  Result<Bytes> bytes = watermarks_->get(spec.watermark->name, stop);
  if (bytes.has_value()) return bytes;
  const ErrorKind kind = bytes.error().kind;
  if (kind == ErrorKind::kCancelled || kind == ErrorKind::kBusy) return bytes;
  if (kind == ErrorKind::kNotFound) return no_such_watermark();
  if (kind != ErrorKind::kForbidden) {
    log::error("watermark {}: {}", spec.watermark->name, bytes.error().message);
  }
  return Error{ErrorKind::kInternal, "the watermark cannot be read"};
}

}  // namespace imageserver
