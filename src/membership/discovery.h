// Where the names of the ring's nodes come from.

#ifndef IMAGESERVER_MEMBERSHIP_DISCOVERY_H_
#define IMAGESERVER_MEMBERSHIP_DISCOVERY_H_

#include <functional>

#include "membership/view.h"

namespace imageserver {

// Looks at its source from start() on, and tells what it sees, changed or not.
class Discovery {
 public:
  Discovery() = default;

  // Stops: nothing is called any more once it returns. REQUIRES: not called from a callback.
  virtual ~Discovery() = default;

  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  // Looks at once and goes on. `on_view` is called from a thread of the discovery's own choosing,
  // one call at a time. REQUIRES: called once; `on_view` neither throws nor blocks.
  virtual void start(std::function<void(View)> on_view) = 0;

  // Looks again now. Threads: any.
  virtual void refresh() = 0;

  // Takes this node's own name out of the source, where it was put there. `done` is called exactly
  // once, perhaps before leave() returns: within about 2 s whatever happens, and by the destructor
  // if that comes first. Threads: any; `done` is called from any. REQUIRES: called at most once.
  virtual void leave(std::function<void()> done) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_DISCOVERY_H_
