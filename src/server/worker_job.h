// Runs work on the worker threads. Work that finds no place in the queue is refused, and what it
// throws becomes an error. Threads: any.

#ifndef IMAGESERVER_SERVER_WORKER_JOB_H_
#define IMAGESERVER_SERVER_WORKER_JOB_H_

#include <exception>
#include <functional>
#include <new>
#include <stop_token>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/out_of_memory.h"
#include "base/worker_pool.h"
#include "groupcache/busy.h"
#include "imageserver/error.h"

namespace imageserver {

// What work() returns. cancelled(), and work() is not called, if `stop` is requested already.
// kInternal if work() throws, kOutOfMemory if it finds no memory; the exception is logged under
// `name`.
template <class T, class Work>
[[nodiscard]] Result<T> result_of(const Work& work, const std::string& name,
                                  const std::stop_token& stop) {
  if (stop.stop_requested()) return cancelled();
  try {
    return work();
  } catch (const std::bad_alloc&) {
    log::error("{}: out of memory", name);
    return out_of_memory();
  } catch (const std::exception& exception) {
    log::error("{}: {}", name, exception.what());
    return Error{ErrorKind::kInternal, "internal error"};
  }
}

// Has a worker call work(), which returns a Result<T>. `done` is called with the result exactly
// once, on any thread, perhaps before this returns. kBusy if the queue is full or the workers were
// stopped; kCancelled if `stop` is requested before the work begins.
template <class T, class Work>
void run_on(WorkerPool& workers, std::string name, const std::stop_token& stop, Work work,
            const std::function<void(Result<T>)>& done) {
  const bool taken = workers.try_submit(
      [work = std::move(work), name = std::move(name), stop, done](WorkerPool::Turn&) {
        done(result_of<T>(work, name, stop));
      },
      stop);
  if (!taken) done(busy());
}

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_WORKER_JOB_H_
