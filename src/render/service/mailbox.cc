#include "render/service/mailbox.h"

#include <utility>

namespace imageserver {

bool Mailbox::put(const Message& message) {
  const MutexLock lock(mutex_);
  switch (message.kind) {
    case MessageKind::kJob: {
      auto job = decoded_value<RenderJob>(message.body);
      if (!job || job_) return false;
      stop_ = std::stop_source();
      job_ = ReceivedJob{*std::move(job), stop_.get_token()};
      break;
    }
    case MessageKind::kPermit:
      permit_ = decoded_value<bool>(message.body);
      if (!permit_) return false;
      break;
    case MessageKind::kLeave:
      if (!message.body.empty()) return false;
      stop_.request_stop();
      permit_ = false;
      break;
    default:
      return false;
  }
  came_.notify_all();
  return true;
}

ReceivedJob Mailbox::take_job() {
  const MutexLock lock(mutex_);
  while (!job_) came_.wait(mutex_);
  permit_.reset();
  ReceivedJob job = *std::move(job_);
  job_.reset();
  return job;
}

bool Mailbox::take_permit() {
  const MutexLock lock(mutex_);
  while (!permit_) came_.wait(mutex_);
  const bool permit = *permit_;
  permit_.reset();
  return permit;
}

}  // namespace imageserver
