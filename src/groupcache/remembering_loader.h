// A loader that does not try again at once what was deadly.

#ifndef IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_
#define IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_

#include "base/clock.h"
#include "groupcache/loader.h"
#include "groupcache/negative_cache.h"

namespace imageserver {

// Loads by another loader. What ended with kDeadly or kNeedsMemory ends so at once, for a while:
// such a picture would take one renderer after the other. Its other sizes have other keys.
//
// Threads: as Loader. REQUIRES: `loader`, and this, outlive every load.
class RememberingLoader final : public Loader {
 public:
  RememberingLoader(Loader& loader, milliseconds time_to_live)
      : loader_(loader), negative_(time_to_live) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  [[nodiscard]] bool has_backlog() const override { return loader_.has_backlog(); }

 private:
  Loader& loader_;
  NegativeCache negative_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_
