#include "server/info_loader.h"

#include "image/describe.h"
#include "server/info_json.h"
#include "server/worker_job.h"

namespace imageserver {

void InfoLoader::load(const std::string& path, const std::stop_token& stop,
                      const std::function<void(Result<std::string>)>& done) {
  run_on<std::string>(
      workers_, path, stop,
      [this, path, stop](const Admit& admit) { return load_info(path, stop, admit); }, done);
}

Result<std::string> InfoLoader::load_info(const std::string& path, const std::stop_token& stop,
                                          const Admit& admit) const {
  const Result<Bytes> original = source_.get(path, stop);
  if (original.has_error()) return original.error();
  const Result<Description> description = describe(*original, stop, context_, admit);
  if (description.has_error()) return description.error();
  return info_json(*description);
}

}  // namespace imageserver
