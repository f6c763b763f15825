// The interface through which handlers have originals, and all that is made of them, forgotten.

#ifndef IMAGESERVER_HANDLERS_PURGER_H_
#define IMAGESERVER_HANDLERS_PURGER_H_

#include <string>
#include <vector>

#include "base/asio.h"
#include "groupcache/purge_record.h"
#include "imageserver/error.h"

namespace imageserver {

// What is to go.
struct PurgeWish {
  using Kind = PurgeRecord::Kind;

  Kind kind = Kind::kAll;

  // Decoded, without the slash in front, as TransformSpec::source; of kPrefix with a slash at the
  // end; empty for kAll.
  std::string path;

  // What is there counts as stale from now on, and stays.
  bool is_soft = false;

  // The name of the purge, is_purge_id(); empty: it gets one.
  std::string id;

  friend bool operator==(const PurgeWish&, const PurgeWish&) = default;
};

// What became of a wish.
struct PurgeReport {
  // A node that has not purged, or of which nobody knows. `reason` may be shown to the client.
  struct Missed {
    std::string node;
    std::string reason;
  };

  std::string id;
  std::vector<std::string> done;  // the names of the nodes that have purged
  std::vector<Missed> missed;
  std::string note;  // why the purge stays on this node; empty: it does not
};

// Threads: any, concurrently.
class Purger {
 public:
  virtual ~Purger() = default;

  // Runs on the thread of its coroutine. An error: nothing was purged. It may be cancelled
  // (terminal), as every awaited answer; nodes may have purged by then. `wish` lives until the
  // result is there, and no longer. REQUIRES: throws nothing, and does not block.
  virtual Awaitable<Result<PurgeReport>> purge(const PurgeWish& wish) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_PURGER_H_
