// Who is next: the jobs that wait for a worker, and which of them may run now. Heavy jobs run on
// half of the workers at most, so that light ones never wait for the end of heavy ones; and light
// jobs leave that half to heavy ones that wait, so that neither kind starves.
//
// What a job weighs is often known only once a worker has looked at it. So every job comes as a
// light one; a worker that finds it heavy says so, and either goes on or puts it back.

#ifndef IMAGESERVER_BASE_JOB_QUEUE_H_
#define IMAGESERVER_BASE_JOB_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace imageserver {

enum class Weight : std::uint8_t { kLight, kHeavy };

// What becomes of a job that is found to be heavy.
enum class Admission : std::uint8_t {
  kNow,     // it goes on, and has one of the places for heavy jobs
  kLater,   // it is put back, and runs again when such a place is free
  kRefused  // it ends: too many heavy jobs wait already
};

// A job with the token that tells whether anybody still waits for it.
template <class Job>
struct StoppableJob {
  Job job;
  std::stop_token stop;
};

// The order of jobs, without the threads that run them: workers may be threads or processes. Knows
// how many workers are busy, and with what.
//
// Order. Of each kind, first come, first served. While fewer heavy jobs run than there are places
// for them, the first heavy one that waits goes before all light ones. A single worker is both
// halves: after a heavy job, the light ones that then wait go before the next heavy one.
//
// Bounds. `waiting` jobs may wait, those not counted that idle workers are about to take; of these
// heavy ones half, rounded up. A job that is put back was let in before: for it the second bound
// alone counts.
//
// Threads: one at a time.
template <class Job>
class JobQueue {
 public:
  using Entry = StoppableJob<Job>;

  // A job and what it runs as.
  struct Taken {
    Entry entry;
    Weight weight;
  };

  // REQUIRES: workers > 0.
  JobQueue(std::size_t workers, std::size_t waiting)
      : heavy_places_(std::max<std::size_t>(1, workers / 2)),
        most_waiting_(waiting),
        most_heavy_waiting_((waiting + 1) / 2),
        takes_turns_(workers == 1),
        idle_(workers) {}

  // A new job, whose weight is not known. False if there is no room for it; `entry` is left alone.
  [[nodiscard]] bool push(Entry& entry) {
    if (light_.size() + heavy_.size() >= most_waiting_ + idle_) return false;
    light_.push_back(std::move(entry));
    return true;
  }

  // A job for a worker that is idle, and is busy from then on. None if no job may run now, or no
  // worker is idle.
  [[nodiscard]] std::optional<Taken> take() {
    const bool heavy_first = !heavy_.empty() && has_heavy_place();
    if (idle_ == 0 || (!heavy_first && light_.empty())) return std::nullopt;
    --idle_;
    if (heavy_first) {
      ++heavy_running_;
      return Taken{pop(heavy_), Weight::kHeavy};
    }
    if (lights_due_ > 0) --lights_due_;
    return Taken{pop(light_), Weight::kLight};
  }

  // A job that runs as a light one is found to be heavy. With kLater, put_back() follows.
  [[nodiscard]] Admission weigh_as_heavy() {
    if (heavy_.empty() && has_heavy_place()) {
      ++heavy_running_;
      return Admission::kNow;
    }
    if (heavy_.size() + coming_back_ >= most_heavy_waiting_) return Admission::kRefused;
    ++coming_back_;
    return Admission::kLater;
  }

  // Its worker is idle again. REQUIRES: weigh_as_heavy() gave kLater for it.
  void put_back(Entry entry) {
    --coming_back_;
    ++idle_;
    heavy_.push_back(std::move(entry));
  }

  // A job has ended, and its worker is idle again. `weight` is what it ran as in the end.
  void ended(Weight weight) {
    ++idle_;
    if (weight == Weight::kLight) return;
    --heavy_running_;
    if (takes_turns_) lights_due_ = light_.size();
  }

  // Takes the jobs out of the queue whose stop has been requested; of the heavy ones alone.
  [[nodiscard]] std::vector<Entry> take_stopped() {
    std::vector<Entry> stopped = take_stopped_heavy();
    take_stopped(light_, stopped);
    return stopped;
  }
  [[nodiscard]] std::vector<Entry> take_stopped_heavy() {
    std::vector<Entry> stopped;
    take_stopped(heavy_, stopped);
    return stopped;
  }

  // Jobs not known to be heavy that wait although no worker is idle.
  [[nodiscard]] std::size_t light_waiting() const {
    return light_.size() - std::min(light_.size(), idle_);
  }

 private:
  using Entries = std::deque<Entry>;

  [[nodiscard]] static Entry pop(Entries& entries) {
    Entry first = std::move(entries.front());
    entries.pop_front();
    return first;
  }

  static void take_stopped(Entries& entries, std::vector<Entry>& stopped) {
    std::erase_if(entries, [&](Entry& entry) {
      if (!entry.stop.stop_requested()) return false;
      stopped.push_back(std::move(entry));
      return true;
    });
  }

  // Whether one more heavy job may run.
  [[nodiscard]] bool has_heavy_place() const {
    const bool lights_first = lights_due_ > 0 && !light_.empty();
    return heavy_running_ < heavy_places_ && !lights_first;
  }

  const std::size_t heavy_places_;
  const std::size_t most_waiting_;
  const std::size_t most_heavy_waiting_;
  const bool takes_turns_;  // there is one worker, for both kinds
  Entries light_;
  Entries heavy_;
  std::size_t idle_;
  std::size_t heavy_running_ = 0;
  std::size_t coming_back_ = 0;  // heavy jobs that are about to be put back
  std::size_t lights_due_ = 0;   // light jobs that go before the next heavy one
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_JOB_QUEUE_H_
