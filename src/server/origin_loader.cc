#include "server/origin_loader.h"

#include <optional>

#include "params/no_such_picture.h"
#include "server/original_image.h"

namespace imageserver {

void OriginLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  for (const Sources* const sources : sources_) {
    std::optional<Sources::Located> located = sources->locate_name(query->spec.source);
    if (!located) continue;
    const Source& source = *located->source;
    // The load goes on for those who join it: it has no deadline of the first one's.
    return located->source->fetch(
        {.name = std::move(located->name), .known = {}, .deadline = Deadline::max()},
        std::move(stop),
        [this, &source, start = checker_.begin(query->spec.source),
         done = std::move(done)](const Result<FetchedOriginal>& fetched) {
          if (fetched.has_error()) return done(fetched.error());
          checker_.note(start, source, fetched);
          done(original_image(*fetched, untrusted_));
        });
  }
  done(no_such_picture());
}

}  // namespace imageserver
