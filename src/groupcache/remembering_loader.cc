#include "groupcache/remembering_loader.h"

#include <utility>

namespace imageserver {
namespace {

bool is_remembered(ErrorKind kind) {
  return kind == ErrorKind::kDeadly || kind == ErrorKind::kNeedsMemory;
}

}  // namespace

void RememberingLoader::load(QueryPtr query, std::stop_token stop, Completion done) {
  if (const auto known = negative_.find(query->key, Clock::now())) return done(*known);
  const QueryPtr asked = query;
  loader_.load(std::move(query), std::move(stop),
               [this, asked, done = std::move(done)](Result<ImagePtr> result) {
                 if (result.has_error() && is_remembered(result.error().kind))
                   negative_.put(asked->key, result.error(), Clock::now());
                 done(std::move(result));
               });
}

}  // namespace imageserver
