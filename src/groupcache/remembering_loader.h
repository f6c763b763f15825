// A loader that does not try again at once what failed.

#ifndef IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_
#define IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "groupcache/loader.h"
#include "groupcache/negative_cache.h"

namespace imageserver {

// Loads by another loader. An error that is remembered ends the loads of its key at once, for a
// while: so a picture that is deadly does not take one renderer after the other, and a server that
// has no original is not asked for it again and again. Other sizes of a picture have other keys. An
// error of a load that began before a purge is forgotten with it.
//
// Threads: as Loader. REQUIRES: `loader`, and this, outlive every load.
class RememberingLoader final : public Loader {
 public:
  // Says for how long an error is remembered; 0: not at all. Called from any thread, concurrently.
  using TimeToLive = std::function<milliseconds(const Query&, ErrorKind)>;

  // Gives the last fence of an original of the query (KnownOriginal::fence). Called from any
  // thread, concurrently. Empty: there are no purges.
  using FenceOf = std::function<std::uint64_t(const Query&)>;

  RememberingLoader(Loader& loader, TimeToLive time_to_live, FenceOf fence_of = {})
      : loader_(loader), time_to_live_(std::move(time_to_live)), fence_of_(std::move(fence_of)) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  [[nodiscard]] bool has_backlog() const override { return loader_.has_backlog(); }

 private:
  [[nodiscard]] std::string name_of(const Query& query) const;

  Loader& loader_;
  const TimeToLive time_to_live_;
  const FenceOf fence_of_;
  NegativeCache negative_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_REMEMBERING_LOADER_H_
