// One look at a file, which is waited for no longer than a moment.

#ifndef IMAGESERVER_SERVER_DISK_LOOK_H_
#define IMAGESERVER_SERVER_DISK_LOOK_H_

#include <functional>
#include <memory>

#include "base/asio.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "groupcache/known_originals.h"

namespace imageserver {

// Threads: any, concurrently. The watch over its time runs on a context of its own.
class DiskLook : public std::enable_shared_from_this<DiskLook> {
 public:
  // A disk that takes longer hangs, or has far too much to do.
  static constexpr milliseconds kPatience{1'000};

  DiskLook(net::io_context& watch, KnownOriginalPtr original, std::function<void()> done)
      : watch_(watch),
        timer_(watch.get_executor()),
        original_(std::move(original)),
        begun_(original_->begin(Clock::now())),
        done_(std::move(done)) {}

  // From now on it is watched: after kPatience it ends without having seen anything.
  void start();

  // Calls `done`, if nobody has yet.
  void end();

 private:
  void run_out();

  net::io_context& watch_;
  Timer timer_;  // used on the context's thread alone
  const KnownOriginalPtr original_;
  const KnownOriginal::Beginning begun_;
  Mutex mutex_;
  std::function<void()> done_ IMAGESERVER_GUARDED_BY(mutex_);  // empty: it has ended
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_DISK_LOOK_H_
