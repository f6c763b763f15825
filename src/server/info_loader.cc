#include "server/info_loader.h"

#include "image/plan/description.h"
#include "server/info_json.h"
#include "server/worker_job.h"

namespace imageserver {

void InfoLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  const std::string& path = query->spec.source;
  originals_.fetch(path, *query, stop,
                   [this, query, stop, done](const Result<Originals::Found>& found) {
                     if (found.has_error()) return done(found.error());
                     submit(query->spec.source, stop, *found, done);
                   });
}

bool InfoLoader::has_backlog() const { return workers_.waiting() > workers_.size(); }

void InfoLoader::submit(const std::string& path, const std::stop_token& stop,
                        const Originals::Found& found, const Completion& done) {
  run_on<ImagePtr>(
      workers_, path, stop,
      [this, path, stop, found](const Admit& admit) {
        return read_and_describe(path, found, stop, admit);
      },
      [this, path, done](Result<ImagePtr> result) {
        const bool is_unreadable =
            result.has_error() && result.error().kind == ErrorKind::kUnprocessable;
        if (is_unreadable) originals_.forget(path);
        done(std::move(result));
      });
}

Result<ImagePtr> InfoLoader::read_and_describe(const std::string& path,
                                               const Originals::Found& found,
                                               const std::stop_token& stop,
                                               const Admit& admit) const {
  const auto original = found ? Result<Originals::Original>(*found) : originals_.read(path, stop);
  if (original.has_error()) return original.error();
  const Result<Description> description = renderer_.description(original->bytes, path, stop, admit);
  if (description.has_error()) return description.error();
  const ImagePtr image = make_description(Bytes::own(info_json(*description)));
  return original->version ? with_versions(image, {*original->version}) : image;
}

}  // namespace imageserver
