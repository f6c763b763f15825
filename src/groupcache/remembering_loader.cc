#include "groupcache/remembering_loader.h"

#include <utility>

namespace imageserver {

void RememberingLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  if (const auto known = negative_.find(query->key, Clock::now())) return done(*known);
  const QueryPtr asked = query;
  loader_.load(std::move(query), std::move(stop),
               [this, asked, done = std::move(done)](Result<ImagePtr> result) {
                 if (result.has_error()) {
                   const Error& error = result.error();
                   negative_.put(asked->key, error, time_to_live_(*asked, error.kind),
                                 Clock::now());
                 }
                 done(std::move(result));
               });
}

}  // namespace imageserver
