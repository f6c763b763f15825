#include "base/worker_pool.h"

#include <sys/resource.h>

#include <algorithm>
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
    : size_(threads),
      most_waiting_(waiting),
      on_thread_exit_(std::move(on_thread_exit)),
      idle_(threads) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    stop();  // destroying a thread that was not joined would end the process
    throw;
  }
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(Job job, std::stop_token stop) {
  std::vector<Waiting> stopped;
  bool taken = false;
  {
    const MutexLock lock(mutex_);
    // A job that an idle thread is about to take does not wait: the bound is on top of those.
    if (queue_.size() >= most_waiting_ + idle_) stopped = take_stopped();
    taken = !stopping_ && queue_.size() < most_waiting_ + idle_;
    if (taken) queue_.push_back({std::move(job), std::move(stop)});
  }
  if (taken) ready_.notify_one();
  for (const Waiting& waiting : stopped) waiting.job();
  return taken;
}

std::vector<WorkerPool::Waiting> WorkerPool::take_stopped() {
  std::vector<Waiting> stopped;
  std::erase_if(queue_, [&](Waiting& waiting) {
    if (!waiting.stop.stop_requested()) return false;
    stopped.push_back(std::move(waiting));
    return true;
  });
  return stopped;
}

std::size_t WorkerPool::waiting() const {
  const MutexLock lock(mutex_);
  return queue_.size() - std::min(queue_.size(), idle_);
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
  bool was_busy = false;
  // What a job holds is freed at the end of its turn, while the mutex is free.
  while (const Job job = next_job(std::exchange(was_busy, true))) job();
  if (on_thread_exit_) on_thread_exit_();
}

// Waits for a job. None at the end, when the pool is stopping and no job waits.
WorkerPool::Job WorkerPool::next_job(bool was_busy) {
  const MutexLock lock(mutex_);
  if (was_busy) ++idle_;
  while (!stopping_ && queue_.empty()) ready_.wait(mutex_);
  if (queue_.empty()) return nullptr;
  Job job = std::move(queue_.front().job);
  queue_.pop_front();
  --idle_;
  return job;
}

}  // namespace imageserver
