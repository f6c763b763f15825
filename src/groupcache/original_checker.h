// Finds out whether an original is still what a node thinks it is.

#ifndef IMAGESERVER_GROUPCACHE_ORIGINAL_CHECKER_H_
#define IMAGESERVER_GROUPCACHE_ORIGINAL_CHECKER_H_

#include <functional>

#include "base/clock.h"
#include "groupcache/known_originals.h"

namespace imageserver {

// Threads: every method may be called from any, concurrently.
class OriginalChecker {
 public:
  virtual ~OriginalChecker() = default;

  // Looks at the original at its place: at the file, or by one conditional request to its server.
  // Tells the original what it has found (seen(), not_seen()), and then calls `done`: exactly once,
  // on any thread, perhaps before check() returns. Blocks nothing.
  virtual void check(KnownOriginalPtr original, std::function<void()> done) = 0;

  // How long something that was made of the original is kept where nobody can say of which version
  // it is.
  [[nodiscard]] virtual milliseconds lifetime(const std::string& name) const = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_ORIGINAL_CHECKER_H_
