// What the server says to this renderer.

#ifndef IMAGESERVER_RENDER_SERVICE_INBOX_H_
#define IMAGESERVER_RENDER_SERVICE_INBOX_H_

#include <optional>
#include <stop_token>

#include "base/mutex.h"
#include "base/unique_fd.h"
#include "render/wire/channel.h"

namespace imageserver {

struct ReceivedJob {
  RenderJob job;
  std::stop_token stop;  // requested when the server says that nobody waits any more
};

// Ends the process when the server is gone, or says what it may not say.
//
// Between jobs the thread that works reads the socket, so that no other has to wake it; during a
// job a watcher does, which sleeps until there is something to read. Threads: watch() from the
// watcher, the rest from the one that works.
class Inbox {
 public:
  // REQUIRES: the channel lives longer. Throws std::runtime_error without descriptors.
  explicit Inbox(Channel& channel);

  // Waits for a job, which then lasts until end_job(). That is before its answer goes out: the next
  // job may follow at once.
  [[nodiscard]] ReceivedJob begin_job();
  void end_job();

  // Waits for the answer to a question. REQUIRES: a job lasts.
  [[nodiscard]] bool take_permit();

  [[noreturn]] void watch();

 private:
  void listen_during_job();
  void hear_during_job(const Message& message) IMAGESERVER_REQUIRES(mutex_);
  void set_watched(bool is_watched) const;

  Channel& channel_;  // read by the watcher while lasts_, else by the one that works
  UniqueFd watched_;  // an epoll set with the socket

  Mutex mutex_;
  ConditionVariable permitted_;
  bool lasts_ IMAGESERVER_GUARDED_BY(mutex_) = false;  // the job
  std::stop_source stop_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<bool> permit_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_INBOX_H_
