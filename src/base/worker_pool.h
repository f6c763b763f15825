// The threads that render, behind a bounded queue: work that finds no place is refused at once, so
// that a flood ends in errors and not in memory. They run at a lower priority than the threads that
// serve, so that what takes microseconds does not wait for what takes milliseconds.

#ifndef IMAGESERVER_BASE_WORKER_POOL_H_
#define IMAGESERVER_BASE_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace imageserver {

// Threads: everything but stop() may be called from any; stop() from the owner's only.
class WorkerPool {
 public:
  // REQUIRES: does not throw, and ends at once if it is run when its stop has been requested.
  using Job = std::function<void()>;

  // `waiting` bounds the jobs that wait, those being run not counted. `on_thread_exit` runs last on
  // each thread (a library's thread-local clean-up). REQUIRES: threads > 0.
  WorkerPool(std::size_t threads, std::size_t waiting, std::function<void()> on_thread_exit = {});

  // Stops and joins.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // True if the job was taken: it then runs exactly once. False, and the job will not run, if
  // every thread is busy and the queue is full, or after stop(). Jobs whose stop has been requested
  // give up their places to a new one, and are run on the thread that submits it.
  [[nodiscard]] bool try_submit(Job job, std::stop_token stop = {});

  [[nodiscard]] std::size_t size() const { return size_; }

  // By how much the threads are nicer (setpriority(2)) than the one that makes the pool: a third of
  // its weight. With 10 (a tenth) renders starve beside other busy programs.
  static constexpr int kNicer = 5;

  // Jobs that wait although no thread is idle.
  [[nodiscard]] std::size_t waiting() const;

  // Takes no more jobs, runs those that wait (they end early if what they do can be stopped),
  // and joins. May be called again.
  void stop();

 private:
  struct Waiting {
    Job job;
    std::stop_token stop;
  };

  void run();
  [[nodiscard]] Job next_job(bool was_busy);
  [[nodiscard]] std::vector<Waiting> take_stopped() IMAGESERVER_REQUIRES(mutex_);

  const std::size_t size_;
  const std::size_t most_waiting_;
  const std::function<void()> on_thread_exit_;
  mutable Mutex mutex_;
  ConditionVariable ready_;  // there is a job, or the pool is stopping
  std::deque<Waiting> queue_ IMAGESERVER_GUARDED_BY(mutex_);
  std::size_t idle_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  bool stopping_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // used by the owner's thread only
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_WORKER_POOL_H_
