// The threads that render, behind a bounded queue: work that finds no place is refused at once, so
// that a flood ends in errors and not in memory. They run at a lower priority than the threads that
// serve, so that what takes microseconds does not wait for what takes milliseconds.

#ifndef IMAGESERVER_BASE_WORKER_POOL_H_
#define IMAGESERVER_BASE_WORKER_POOL_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/job_queue.h"
#include "base/mutex.h"

namespace imageserver {

struct WorkerPoolOptions {
  std::size_t threads = 1;                    // above 0
  std::size_t waiting = 0;                    // jobs that wait at most, those being run not counted
  JobMemory memory = {};                      // of all jobs
  milliseconds patience{5'000};               // for how long a job waits for memory
  std::function<void()> on_thread_exit = {};  // runs last on each thread (a library's clean-up)
};

// Who runs next is JobQueue's to say. Threads: everything but stop() may be called from any; stop()
// from the owner's only.
class WorkerPool {
 public:
  class Turn;

  // REQUIRES: does not throw, and ends at once if it is run when its stop has been requested, or
  // when its turn is_too_late().
  using Job = std::function<void(Turn&)>;

  explicit WorkerPool(WorkerPoolOptions options);

  // Stops and joins.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // True if the job was taken: it then runs exactly once, or once more if Turn::admit_heavy() put
  // it back. False, and the job will not run, if every thread is busy and the queue is full, or
  // after stop(). Jobs whose stop has been requested give up their places to a new one, and are run
  // on the thread that submits it.
  [[nodiscard]] bool try_submit(Job job, std::stop_token stop = {});

  [[nodiscard]] std::size_t size() const { return options_.threads; }

  // By how much the threads are nicer (setpriority(2)) than the one that makes the pool: a third of
  // its weight. With 10 (a tenth) renders starve beside other busy programs.
  static constexpr int kNicer = 5;

  // Jobs not known to be heavy that wait although no thread is idle.
  [[nodiscard]] std::size_t waiting() const;

  // Takes no more jobs, runs those that wait (they end early if what they do can be stopped),
  // and joins. May be called again.
  void stop();

 private:
  using Queue = JobQueue<Job>;

  void run();
  [[nodiscard]] std::optional<Queue::Taken> next_job();
  void run_job(Queue::Taken taken);
  void put_back(Queue::Entry entry, const Turn& turn);
  [[nodiscard]] Admission admit_heavy(std::int64_t bytes, JobShare& share);
  void end_all(const std::vector<Queue::Entry>& entries, bool too_late);

  const WorkerPoolOptions options_;
  mutable Mutex mutex_;
  ConditionVariable ready_;  // there is a job, or the pool is stopping
  Queue queue_ IMAGESERVER_GUARDED_BY(mutex_);
  bool stopping_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // used by the owner's thread only
};

// One run of a job. Threads: the one that runs the job, during that run.
class WorkerPool::Turn {
 public:
  // The job is heavy, and needs `bytes` of memory at a time: it says so before it begins what makes
  // it so, and again if it needs more. With kNow it goes on, as it always does in its second run
  // unless it needs more than in the first. Else it returns at once, and is told the same if it
  // asks again: with kLater, it is run again; with the others, it is not. Heavy jobs whose stop has
  // been requested give up their places to it, and are run within this call.
  [[nodiscard]] Admission admit_heavy(std::int64_t bytes = 0);

  // The memory that a job has without asking, in bytes.
  [[nodiscard]] std::int64_t own_memory() const { return pool_.options_.memory.own; }

  // The job has waited for memory, and in vain.
  [[nodiscard]] bool is_too_late() const { return too_late_; }

 private:
  friend class WorkerPool;
  explicit Turn(WorkerPool& pool, JobShare share = {}) : pool_(pool), share_(share) {}

  WorkerPool& pool_;
  JobShare share_;
  Admission admission_ = Admission::kNow;  // what it was told last
  std::int64_t bytes_ = 0;                 // that it has asked for last
  bool too_late_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_WORKER_POOL_H_
