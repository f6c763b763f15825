// Gets originals for those who make something of them.

#ifndef IMAGESERVER_SERVER_ORIGINALS_H_
#define IMAGESERVER_SERVER_ORIGINALS_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/bytes.h"
#include "groupcache/group.h"
#include "groupcache/negative_cache.h"
#include "imageserver/error.h"
#include "server/source_checker.h"
#include "source/sources.h"

namespace imageserver {

// An original that is fetched is there before a worker is taken: no worker waits for a server. One
// on the disk is read by the worker that needs it.
//
// Threads: any, concurrently. REQUIRES: sources, group and checker outlive every call of a Done.
class Originals {
 public:
  // The bytes of an original, and their version, if that is known.
  struct Original {
    Bytes bytes;
    std::optional<Version> version;
  };

  // None: it lies on the disk, for read().
  using Found = std::optional<Original>;

  // Called exactly once, on any thread, perhaps before fetch() returns.
  using Done = std::function<void(Result<Found>)>;

  // `group` has the originals that are fetched, in its caches or by an OriginLoader. `checker`
  // hears what was seen on the disk.
  Originals(const Sources& sources, Group& group, SourceChecker& checker)
      : sources_(sources), group_(group), checker_(checker) {}

  // Fetches the original called `path`, unless it lies on the disk, for the load of `asker`: for a
  // client's from the node that owns it; for a peer's from its server, as a peer asks who is not
  // the owner only if the owner is away. Errors: as Source::fetch() has them; kCancelled soon after
  // `stop` is requested.
  void fetch(const std::string& path, const Query& asker, const std::stop_token& stop, Done done);

  // Drops what is cached here of an original that was fetched, at most once in ten seconds: it
  // could not be read, and its server may have mended it.
  void forget(const std::string& path);

  // Reads it from the disk. REQUIRES: fetch() has said that it lies there. Blocks.
  [[nodiscard]] Result<Original> read(const std::string& path, const std::stop_token& stop) const;

 private:
  const Sources& sources_;
  Group& group_;
  SourceChecker& checker_;
  NegativeCache forgotten_;  // keys of originals that were, lately
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_ORIGINALS_H_
