#include "base/worker_pool.h"

#include <sys/resource.h>

#include <utility>

namespace imageserver {
namespace {

// Linux keeps a nice value for each thread: this changes the calling thread's alone. Best effort: a
// refusal is ignored.
void step_back() {
  static_cast<void>(
      setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + WorkerPool::kNicer));
}

}  // namespace

WorkerPool::WorkerPool(WorkerPoolOptions options)
    : options_(std::move(options)), queue_(options_.threads, options_.waiting, options_.memory) {
  try {
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    stop();  // destroying a thread that was not joined would end the process
    throw;
  }
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(Job job, std::stop_token stop) {
  Queue::Entry entry{std::move(job), std::move(stop)};
  std::vector<Queue::Entry> stopped;
  bool taken = false;
  {
    const MutexLock lock(mutex_);
    if (!stopping_) taken = queue_.push(entry);
    if (!stopping_ && !taken) {
      stopped = queue_.take_stopped();
      taken = queue_.push(entry);
    }
  }
  if (taken) ready_.notify_one();
  end_all(stopped, false);
  return taken;
}

// They are done without a worker, as they do nothing.
void WorkerPool::end_all(const std::vector<Queue::Entry>& entries, bool too_late) {
  for (const Queue::Entry& entry : entries) {
    Turn turn(*this);
    turn.too_late_ = too_late;
    entry.job(turn);
  }
}

std::size_t WorkerPool::waiting() const {
  const MutexLock lock(mutex_);
  return queue_.light_waiting();
}

void WorkerPool::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::run() {
  step_back();
  while (std::optional<Queue::Taken> taken = next_job()) run_job(*std::move(taken));
  if (options_.on_thread_exit) options_.on_thread_exit();
}

// Waits for a job. None at the end, when the pool is stopping and no job waits that may run: a
// heavy one that waits for a place is left to the thread that has the place, and comes here next.
std::optional<WorkerPool::Queue::Taken> WorkerPool::next_job() {
  while (true) {
    std::vector<Queue::Entry> late;
    {
      const MutexLock lock(mutex_);
      late = queue_.take_late(Clock::now());
      if (late.empty()) {
        if (auto taken = queue_.take()) return taken;
        if (stopping_) return std::nullopt;
        ready_.wait_until(mutex_, queue_.next_late());
      }
    }
    end_all(late, true);
  }
}

// What the job holds is freed while the mutex is free. Where others may run now besides the one
// that this thread takes, as more memory is free, somebody else is told.
void WorkerPool::run_job(Queue::Taken taken) {
  Turn turn(*this, taken.share);
  taken.entry.job(turn);
  if (turn.admission_ == Admission::kLater) return put_back(std::move(taken.entry), turn);
  taken.entry = {};
  {
    const MutexLock lock(mutex_);
    queue_.ended(turn.share_);
  }
  if (turn.share_.memory > 0) ready_.notify_all();
}

// Somebody has to see when it is late, and others may run now with what it had.
void WorkerPool::put_back(Queue::Entry entry, const Turn& turn) {
  bool is_shared = false;
  {
    const MutexLock lock(mutex_);
    is_shared = queue_.is_shared(turn.bytes_);
    if (is_shared) entry.until = Clock::now() + options_.patience;
    queue_.put_back(std::move(entry), turn.bytes_, turn.share_);
  }
  if (is_shared || turn.share_.memory > 0) ready_.notify_all();
}

Admission WorkerPool::admit_heavy(std::int64_t bytes, JobShare& share) {
  std::vector<Queue::Entry> stopped;
  Admission admission = Admission::kRefused;
  {
    const MutexLock lock(mutex_);
    admission = queue_.weigh_as_heavy(bytes, share);
    if (admission == Admission::kRefused) {
      stopped = queue_.take_stopped_heavy();
      if (!stopped.empty()) admission = queue_.weigh_as_heavy(bytes, share);
    }
  }
  end_all(stopped, false);
  return admission;
}

Admission WorkerPool::Turn::admit_heavy(std::int64_t bytes) {
  if (admission_ != Admission::kNow) return admission_;
  bytes_ = bytes;
  admission_ = pool_.admit_heavy(bytes, share_);
  return admission_;
}

}  // namespace imageserver
