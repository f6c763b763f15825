#include "server/info_loader.h"

#include "image/plan/description.h"
#include "server/info_json.h"
#include "server/worker_job.h"

namespace imageserver {

void InfoLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  const std::string path = query->spec.source;
  run_on<ImagePtr>(
      workers_, path, stop,
      [this, path, stop](const Admit& admit) { return load_info(path, stop, admit); }, done);
}

bool InfoLoader::has_backlog() const { return workers_.waiting() > workers_.size(); }

Result<ImagePtr> InfoLoader::load_info(const std::string& path, const std::stop_token& stop,
                                       const Admit& admit) const {
  const Result<Bytes> original = source_.get(path, stop);
  if (original.has_error()) return original.error();
  const Result<Description> description = renderer_.description(*original, path, stop, admit);
  if (description.has_error()) return description.error();
  return make_description(Bytes::own(info_json(*description)));
}

}  // namespace imageserver
