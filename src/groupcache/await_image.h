// Group's callbacks as something a coroutine can wait for.

#ifndef IMAGESERVER_GROUPCACHE_AWAIT_IMAGE_H_
#define IMAGESERVER_GROUPCACHE_AWAIT_IMAGE_H_

#include "base/asio.h"
#include "groupcache/group.h"

namespace imageserver {

// Goes on with a Get that group.lookup() missed (Group::load). Ends with kDeadlineExceeded at the
// query's deadline, and with kCancelled when the awaiting coroutine is cancelled (terminal). Either
// way this waiter leaves the load, which goes on only if it has other waiters.
// Threads: awaited and resumed on the coroutine's own. REQUIRES: `group` outlives the wait.
[[nodiscard]] Awaitable<Result<ImagePtr>> await_image(Group& group, QueryPtr query,
                                                      bool is_unsure = false);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_AWAIT_IMAGE_H_
