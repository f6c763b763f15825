#include "groupcache/remembering_loader.h"

#include <utility>

namespace imageserver {

void RememberingLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  std::string name = name_of(*query);
  if (const auto known = negative_.find(name, Clock::now())) return done(*known);
  const QueryPtr asked = query;
  loader_.load(
      std::move(query), std::move(stop),
      [this, asked, name = std::move(name), done = std::move(done)](Result<ImagePtr> result) {
        if (result.has_error()) {
          const Error& error = result.error();
          negative_.put(name, error, time_to_live_(*asked, error.kind), Clock::now());
        }
        done(std::move(result));
      });
}

// What is remembered under an older fence is found by nobody.
std::string RememberingLoader::name_of(const Query& query) const {
  return std::to_string(fence_of_ ? fence_of_(query) : 0).append(" ").append(query.key);
}

}  // namespace imageserver
