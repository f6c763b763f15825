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

WorkerPool::WorkerPool(std::size_t threads, std::size_t waiting,
                       std::function<void()> on_thread_exit)
    : size_(threads), on_thread_exit_(std::move(on_thread_exit)), queue_(threads, waiting) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
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
  end_all(stopped);
  return taken;
}

// They are done without a worker, as they do nothing.
void WorkerPool::end_all(std::vector<Queue::Entry>& stopped) {
  for (Queue::Entry& entry : stopped) {
    Turn turn(*this, Weight::kHeavy);
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
  if (on_thread_exit_) on_thread_exit_();
}

// Waits for a job. None at the end, when the pool is stopping and no job waits that may run: a
// heavy one that waits for a place is left to the thread that has the place, and comes here next.
std::optional<WorkerPool::Queue::Taken> WorkerPool::next_job() {
  const MutexLock lock(mutex_);
  while (true) {
    if (auto taken = queue_.take()) return taken;
    if (stopping_) return std::nullopt;
    ready_.wait(mutex_);
  }
}

// What the job holds is freed while the mutex is free. Nobody is notified: what may run now that
// this thread is idle, this thread takes.
void WorkerPool::run_job(Queue::Taken taken) {
  Turn turn(*this, taken.weight);
  taken.entry.job(turn);
  if (turn.comes_back_) {
    const MutexLock lock(mutex_);
    return queue_.put_back(std::move(taken.entry));
  }
  taken.entry = {};
  const MutexLock lock(mutex_);
  queue_.ended(turn.weight_);
}

Admission WorkerPool::admit_heavy() {
  std::vector<Queue::Entry> stopped;
  Admission admission = Admission::kRefused;
  {
    const MutexLock lock(mutex_);
    admission = queue_.weigh_as_heavy();
    if (admission == Admission::kRefused) {
      stopped = queue_.take_stopped_heavy();
      if (!stopped.empty()) admission = queue_.weigh_as_heavy();
    }
  }
  end_all(stopped);
  return admission;
}

Admission WorkerPool::Turn::admit_heavy() {
  if (weight_ == Weight::kHeavy) return Admission::kNow;
  const Admission admission = pool_.admit_heavy();
  if (admission == Admission::kNow) weight_ = Weight::kHeavy;
  comes_back_ = admission == Admission::kLater;
  return admission;
}

}  // namespace imageserver
