// Who is next: the jobs that wait for a worker, and which of them may run now. Heavy jobs run on
// half of the workers at most, so that light ones never wait for the end of heavy ones; and light
// jobs leave that half to heavy ones that wait, so that neither kind starves. The memory of all
// jobs together is bounded: each worker has some, and heavy jobs share the rest.
//
// What a job weighs is often known only once a worker has looked at it. So every job comes as a
// light one; a worker that finds it heavy says so, and either goes on or puts it back.

#ifndef IMAGESERVER_BASE_JOB_QUEUE_H_
#define IMAGESERVER_BASE_JOB_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace imageserver {

enum class Weight : std::uint8_t { kLight, kHeavy };

// What becomes of a job that is found to be heavy.
enum class Admission : std::uint8_t {
  kNow,      // it goes on, and has one of the places for heavy jobs, and its memory
  kLater,    // it is put back, and runs again when such a place and its memory are free
  kRefused,  // it ends: too many heavy jobs wait already, or it has waited too long for memory
  kNever     // it ends: there is less memory in all than it needs
};

// The memory of jobs, in bytes.
struct JobMemory {
  std::int64_t own = std::numeric_limits<std::int64_t>::max();  // that each worker has
  std::int64_t shared = 0;  // that heavy jobs which need more have together
};

// What a job that runs has: a place, and bytes of the shared memory.
struct JobShare {
  Weight weight = Weight::kLight;
  std::int64_t memory = 0;
};

// A job with the token that tells whether anybody still waits for it.
template <class Job>
struct StoppableJob {
  Job job;
  std::stop_token stop;

  // Of one that was put back: the shared memory that it waits for, and how long it waits.
  std::int64_t memory = 0;
  Deadline until = Deadline::max();
};

// The order of jobs, without the threads that run them: workers may be threads or processes. Knows
// how many workers are busy, and with what.
//
// Order. Of each kind, first come, first served. While fewer heavy jobs run than there are places
// for them, and the first one that waits finds its memory free, it goes before all light ones. A
// single worker is both halves: after a heavy job, the light ones that then wait go before the next
// heavy one.
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

  // A job and what it runs with.
  struct Taken {
    Entry entry;
    JobShare share;
  };

  // REQUIRES: workers > 0.
  JobQueue(std::size_t workers, std::size_t waiting, JobMemory memory = {})
      : memory_(memory),
        heavy_places_(std::max<std::size_t>(1, workers / 2)),
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
    const bool heavy_first = !heavy_.empty() && has_heavy_place() &&
                             heavy_.front().memory <= memory_.shared - memory_taken_;
    if (idle_ == 0 || (!heavy_first && light_.empty())) return std::nullopt;
    --idle_;
    if (heavy_first) {
      Entry entry = pop(heavy_);
      const JobShare share{Weight::kHeavy, entry.memory};
      begin(share);
      return Taken{std::move(entry), share};
    }
    if (lights_due_ > 0) --lights_due_;
    return Taken{pop(light_), {}};
  }

  // A job that runs is found to be heavy, and to need `bytes` of memory at a time. With kNow, its
  // share grows to that. With kLater, put_back() follows; until then it keeps its share. REQUIRES:
  // bytes >= 0; the job was not told kLater before.
  [[nodiscard]] Admission weigh_as_heavy(std::int64_t bytes, JobShare& share) {
    const JobShare needed{Weight::kHeavy, shared_part(bytes)};
    if (needed.memory > memory_.shared) return Admission::kNever;
    const bool has_place = share.weight == Weight::kHeavy;
    if (has_place && needed.memory <= share.memory) return Admission::kNow;
    const bool is_free = (has_place || has_heavy_place()) &&
                         needed.memory - share.memory <= memory_.shared - memory_taken_;
    if (!heavy_.empty() || !is_free) return put_off();
    end(share);
    begin(needed);
    share = needed;
    return Admission::kNow;
  }

  // Its worker is idle again, and its share free. It waits for as many `bytes` as it was weighed
  // with. REQUIRES: weigh_as_heavy() gave kLater for it.
  void put_back(Entry entry, std::int64_t bytes, const JobShare& share) {
    --coming_back_;
    ++idle_;
    end(share);
    entry.memory = shared_part(bytes);
    heavy_.push_back(std::move(entry));
  }

  // Whether a job that needs so many bytes has to wait for some of the shared memory.
  [[nodiscard]] bool is_shared(std::int64_t bytes) const { return shared_part(bytes) > 0; }

  // A job has ended, and its worker is idle again. `share` is what it had in the end.
  void ended(const JobShare& share) {
    ++idle_;
    end(share);
    if (share.weight == Weight::kHeavy && takes_turns_) lights_due_ = light_.size();
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

  // Takes the heavy jobs out of the queue that have waited as long as they do.
  [[nodiscard]] std::vector<Entry> take_late(Deadline now) {
    std::vector<Entry> late;
    take_if(heavy_, late, [now](const Entry& entry) { return entry.until <= now; });
    return late;
  }

  // When the next one will have; Deadline::max() if none will.
  [[nodiscard]] Deadline next_late() const {
    Deadline first = Deadline::max();
    for (const Entry& entry : heavy_) first = std::min(first, entry.until);
    return first;
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
    take_if(entries, stopped, [](const Entry& entry) { return entry.stop.stop_requested(); });
  }

  static void take_if(Entries& entries, std::vector<Entry>& taken, const auto& is_taken) {
    std::erase_if(entries, [&](Entry& entry) {
      if (!is_taken(entry)) return false;
      taken.push_back(std::move(entry));
      return true;
    });
  }

  [[nodiscard]] std::int64_t shared_part(std::int64_t bytes) const {
    return std::max<std::int64_t>(0, bytes - memory_.own);
  }

  [[nodiscard]] Admission put_off() {
    if (heavy_.size() + coming_back_ >= most_heavy_waiting_) return Admission::kRefused;
    ++coming_back_;
    return Admission::kLater;
  }

  void begin(const JobShare& share) {
    if (share.weight == Weight::kHeavy) ++heavy_running_;
    memory_taken_ += share.memory;
  }

  void end(const JobShare& share) {
    if (share.weight == Weight::kHeavy) --heavy_running_;
    memory_taken_ -= share.memory;
  }

  // Whether one more heavy job may run, if its memory is free.
  [[nodiscard]] bool has_heavy_place() const {
    const bool lights_first = lights_due_ > 0 && !light_.empty();
    return heavy_running_ < heavy_places_ && !lights_first;
  }

  const JobMemory memory_;
  const std::size_t heavy_places_;
  const std::size_t most_waiting_;
  const std::size_t most_heavy_waiting_;
  const bool takes_turns_;  // there is one worker, for both kinds
  Entries light_;
  Entries heavy_;
  std::size_t idle_;
  std::size_t heavy_running_ = 0;
  std::int64_t memory_taken_ = 0;  // of memory_.shared, by the jobs that run
  std::size_t coming_back_ = 0;    // heavy jobs that are about to be put back
  std::size_t lights_due_ = 0;     // light jobs that go before the next heavy one
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_JOB_QUEUE_H_
