#include "server/render_loader.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "server/worker_job.h"

namespace imageserver {
namespace {

Error no_watermarks() {
  return invalid_param(names::kWatermark, "this server has no watermarks (--watermarks)");
}

Error no_such_watermark() { return invalid_param(names::kWatermark, "there is no such watermark"); }

// The error for a watermark that `error` kept from us. kInternal for a file that cannot be read:
// neither the client nor the original is at fault. The source has logged why where it may not be
// read.
Error watermark_error(const std::string& name, const Error& error) {
  switch (error.kind) {
    case ErrorKind::kCancelled:
    case ErrorKind::kBusy:
    case ErrorKind::kOrigin:
    case ErrorKind::kOriginLate:
    case ErrorKind::kDeadlineExceeded:
    case ErrorKind::kOutOfMemory:
      return error;
    case ErrorKind::kNotFound:
      return no_such_watermark();
    case ErrorKind::kForbidden:
      break;
    default:
      log::error("watermark {}: {}", name, error.message);
  }
  return {ErrorKind::kInternal, "the watermark cannot be read"};
}

// None if one of them is not known.
Versions versions_of(const TransformSpec& spec, const Originals::Original& original,
                     const Originals::Original& watermark) {
  if (!original.version || (spec.watermark && !watermark.version)) return {};
  if (!spec.watermark) return {*original.version};
  return {*original.version, *watermark.version};
}

}  // namespace

void RenderLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  const std::string& path = query->spec.source;
  originals_.fetch(
      path, *query, stop, [this, query, stop, done](Result<Originals::Found> original) {
        if (original.has_error()) return done(original.error());
        add_watermark(query, stop, {.original = *std::move(original), .watermark = {}}, done);
      });
}

bool RenderLoader::has_backlog() const { return workers_.waiting() > workers_.size(); }

void RenderLoader::add_watermark(const QueryPtr& query, const std::stop_token& stop,
                                 Material material, const Completion& done) {
  if (!query->spec.watermark || watermarks_ == nullptr) {
    return submit(query, stop, std::move(material), done);
  }
  const std::string& name = query->spec.watermark->name;
  watermarks_->fetch(
      name, *query, stop,
      [this, query, stop, original = std::move(material.original),
       done](Result<Originals::Found> watermark) {
        if (watermark.has_error()) {
          return done(watermark_error(query->spec.watermark->name, watermark.error()));
        }
        submit(query, stop, {.original = original, .watermark = *std::move(watermark)}, done);
      });
}

void RenderLoader::submit(const QueryPtr& query, const std::stop_token& stop, Material material,
                          const Completion& done) {
  run_on<ImagePtr>(
      workers_, query->spec.source, stop,
      [this, query, stop, material = std::move(material)](const Admit& admit) {
        return read_and_transform(query->spec, material, stop, admit);
      },
      [this, query, done](Result<ImagePtr> result) {
        if (result.has_error()) forget_unreadable(query->spec, result.error());
        done(std::move(result));
      });
}

// A watermark that cannot be read is our fault, and so kInternal.
void RenderLoader::forget_unreadable(const TransformSpec& spec, const Error& error) {
  if (error.kind == ErrorKind::kUnprocessable) originals_.forget(spec.source);
  const bool may_be_watermark = watermarks_ != nullptr && spec.watermark;
  if (error.kind == ErrorKind::kInternal && may_be_watermark) {
    watermarks_->forget(spec.watermark->name);
  }
}

Result<ImagePtr> RenderLoader::read_and_transform(const TransformSpec& spec,
                                                  const Material& material,
                                                  const std::stop_token& stop,
                                                  const Admit& admit) const {
  const auto original = material.original ? Result<Originals::Original>(*material.original)
                                          : originals_.read(spec.source, stop);
  if (original.has_error()) return original.error();
  const Result<Originals::Original> watermark = read_watermark(spec, material, stop);
  if (watermark.has_error()) return watermark.error();
  Result<ImagePtr> image = renderer_.picture(original->bytes, spec, watermark->bytes, stop, admit);
  if (image.has_error()) return image;
  return with_versions(*image, versions_of(spec, *original, *watermark));
}

// Empty if none is asked for.
Result<Originals::Original> RenderLoader::read_watermark(const TransformSpec& spec,
                                                         const Material& material,
                                                         const std::stop_token& stop) const {
  if (!spec.watermark) return Originals::Original();
  if (watermarks_ == nullptr) return no_watermarks();
  if (material.watermark) return *material.watermark;
  Result<Originals::Original> read = watermarks_->read(spec.watermark->name, stop);
  if (read.has_error()) return watermark_error(spec.watermark->name, read.error());
  return read;
}

}  // namespace imageserver
