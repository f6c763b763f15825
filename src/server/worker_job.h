// Runs work on the worker threads. Work that finds no place in the queue is refused, heavy work
// takes turns of its own, and what work throws becomes an error. Threads: any.

#ifndef IMAGESERVER_SERVER_WORKER_JOB_H_
#define IMAGESERVER_SERVER_WORKER_JOB_H_

#include <cstdint>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/needs_memory.h"
#include "base/out_of_memory.h"
#include "base/worker_pool.h"
#include "groupcache/busy.h"
#include "image/plan/admit.h"
#include "imageserver/error.h"

namespace imageserver {

// Work of more than this is heavy: about a second on a core of 2020 (docs/PERFORMANCE.md).
inline constexpr std::int64_t kMostLightWork = 200'000'000;

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

// Asks the worker whether a job may go on that takes so much. What is neither heavy nor takes more
// memory than each job has goes on.
[[nodiscard]] inline Admission admission(WorkerPool::Turn& turn, const Demand& demand) {
  const bool is_light = demand.work <= kMostLightWork && demand.memory <= turn.own_memory();
  return is_light ? Admission::kNow : turn.admit_heavy(demand.memory);
}

// One turn of work(admit), which returns a Result<T>. None if it is to be done in a later turn.
template <class T, class Work>
[[nodiscard]] std::optional<Result<T>> take_turn(WorkerPool::Turn& turn, const Work& work,
                                                 const std::string& name,
                                                 const std::stop_token& stop) {
  if (turn.is_too_late()) return Result<T>(busy());
  Admission admitted = Admission::kNow;
  const Admit admit = [&](const Demand& demand) {
    if (admitted == Admission::kNow) admitted = admission(turn, demand);
    return admitted == Admission::kNow;
  };
  Result<T> result = result_of<T>([&] { return work(admit); }, name, stop);
  switch (admitted) {
    case Admission::kNow:
      return result;
    case Admission::kLater:
      return std::nullopt;
    case Admission::kRefused:
      return Result<T>(busy());
    case Admission::kNever:
      return Result<T>(needs_memory());
  }
  return result;
}

// Has a worker call work(admit), which returns a Result<T>. It asks `admit` before it begins what
// takes long or much memory, and returns at once if that is not to be: it is then called again when
// there is a place for heavy work, and memory. `done` is called with the result exactly once, on
// any thread, perhaps before this returns. kBusy if there is no room to wait, it has waited too
// long for memory, or the workers were stopped; kNeedsMemory if there is less in all; kCancelled if
// `stop` is requested before the work begins.
template <class T, class Work>
void run_on(WorkerPool& workers, std::string name, const std::stop_token& stop, Work work,
            const std::function<void(Result<T>)>& done) {
  const bool taken = workers.try_submit(
      [work = std::move(work), name = std::move(name), stop, done](WorkerPool::Turn& turn) {
        std::optional<Result<T>> result = take_turn<T>(turn, work, name, stop);
        if (result) done(*std::move(result));
      },
      stop);
  if (!taken) done(busy());
}

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_WORKER_JOB_H_
