// What is made on the worker threads: work that finds no place is refused, and whatever it throws
// is an error like any other.

#ifndef IMAGESERVER_SERVER_WORKER_JOB_H_
#define IMAGESERVER_SERVER_WORKER_JOB_H_

#include <exception>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/worker_pool.h"
#include "imageserver/error.h"

namespace imageserver {

// What make() gives; kCancelled, and nothing is made, if nobody waits for it any more. `name` is
// for the log.
template <class T, class Make>
[[nodiscard]] Result<T> made_or_explained(const Make& make, const std::string& name,
                                          const std::stop_token& stop) {
  if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "cancelled"};
  try {
    return make();
  } catch (const std::exception& exception) {
    log::error("{}: {}", name, exception.what());
    return Error{ErrorKind::kInternal, "internal error"};
  }
}

// Has a worker call make(), a Result<T>. `done` is called exactly once, perhaps before this
// returns: kBusy if there is no room to wait, kCancelled if `stop` is requested before it begins.
template <class T, class Make>
void make_on(WorkerPool& workers, std::string name, const std::stop_token& stop, Make make,
             const std::function<void(Result<T>)>& done) {
  const bool taken = workers.try_submit([make = std::move(make), name = std::move(name), stop,
                                         done] { done(made_or_explained<T>(make, name, stop)); },
                                        stop);
  if (!taken) done(Error{ErrorKind::kBusy, "too many renders are waiting, try again in a moment"});
}

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_WORKER_JOB_H_
