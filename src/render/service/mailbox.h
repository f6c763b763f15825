// What the server has said to this renderer, for the thread that works.

#ifndef IMAGESERVER_RENDER_SERVICE_MAILBOX_H_
#define IMAGESERVER_RENDER_SERVICE_MAILBOX_H_

#include <optional>
#include <stop_token>

#include "base/mutex.h"
#include "render/wire/channel.h"

namespace imageserver {

struct ReceivedJob {
  RenderJob job;
  std::stop_token stop;  // requested when the server says that nobody waits any more
};

// Threads: put() from the one that receives, the rest from the one that works.
class Mailbox {
 public:
  // False if the message is none that a server may say now.
  [[nodiscard]] bool put(const Message& message);

  // Each waits.
  [[nodiscard]] ReceivedJob take_job();
  [[nodiscard]] bool take_permit();

 private:
  Mutex mutex_;
  ConditionVariable came_;
  std::stop_source stop_ IMAGESERVER_GUARDED_BY(mutex_);  // of the last job
  std::optional<ReceivedJob> job_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<bool> permit_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_MAILBOX_H_
