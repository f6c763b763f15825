#include "server/origin_loader.h"

#include <optional>

#include "formats/format.h"
#include "formats/unknown_format.h"
#include "params/no_such_picture.h"

namespace imageserver {

void OriginLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  for (const Sources* const sources : sources_) {
    std::optional<Sources::Located> located = sources->locate_name(query->spec.source);
    if (!located) continue;
    // The load goes on for those who join it: it has no deadline of the first one's.
    return located->source->fetch(
        {.name = std::move(located->name), .known = {}, .deadline = Deadline::max()},
        std::move(stop), [this, done = std::move(done)](const Result<FetchedOriginal>& fetched) {
          done(checked(fetched));
        });
  }
  done(no_such_picture());
}

Result<ImagePtr> OriginLoader::checked(const Result<FetchedOriginal>& fetched) const {
  if (fetched.has_error()) return fetched.error();
  const std::optional<FileType> type = sniff(fetched->bytes.view());
  if (!type || !is_allowed(*type, untrusted_)) return unknown_format(untrusted_);
  return make_original(fetched->bytes, fetched->hash ? entity_tag(*fetched->hash)
                                                     : entity_tag(fetched->bytes.view()));
}

}  // namespace imageserver
