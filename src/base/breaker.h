// Says when a server (a node, an origin) is not asked any more, and what brings it back.

#ifndef IMAGESERVER_BASE_BREAKER_H_
#define IMAGESERVER_BASE_BREAKER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/mutex.h"

namespace imageserver {

// A circuit breaker. It opens when the node does not answer, is found silent, or answers late or
// wrongly most of the time (outlier ejection). It has no timer: where it returns a pause, its owner
// probes the node after that pause, off the path of any request, and reports the result by
// probed(). An answered probe makes it half-open: then one real request at a time is a trial, and
// only trials close it.
//
// Threads: any, concurrently.
class Breaker {
 public:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };

  // Whether a request may be sent to the node. The end of a trial must be told: by succeeded(),
  // failed(), strayed() or trial_ended(). On probation the answer is not to be counted on.
  enum class Permit : std::uint8_t { kNo, kYes, kOnProbation, kTrial };

  // So many requests in a row without an answer open it, unless it was made with another number.
  static constexpr int kFailures = 5;

  // It looks at so many of the last requests. It opens if half of them or more were answered late
  // or wrongly, and these are at least kFewestStrays. kStraysInARow open it, too. Once closed by
  // trials it is on probation until kSteady requests in a row were answered well: then one late or
  // wrong answer opens it.
  static constexpr std::size_t kWindow = 20;
  static constexpr int kFewestStrays = 5;
  static constexpr int kStraysInARow = 5;
  static constexpr int kSteady = 20;

  // So many trials in a row that are answered well close it.
  static constexpr int kTrials = 3;

  // The pause before the first probe. Each failed probe doubles the pause, up to the longest. So
  // does opening again while on probation.
  static constexpr milliseconds kFirstPause{500};
  static constexpr milliseconds kLongestPause{8'000};

  // `random` gives numbers from 0 up to 1. They make pauses up to a fifth shorter or longer, so
  // that not all nodes probe at once. Called with a lock held. `failures` is above 0.
  explicit Breaker(std::function<double()> random, int failures = kFailures);

  [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool closed() const { return state() == State::kClosed; }

  // Closed, and not on probation.
  [[nodiscard]] bool steady() const {
    return closed() && !on_probation_.load(std::memory_order_relaxed);
  }

  // REQUIRES: a request is sent, if the permit is not kNo.
  [[nodiscard]] Permit permit();

  // Takes the trial of a half-open breaker back: the request ended before it could show anything.
  void trial_ended();

  // The node answered a request, in time and as it should.
  void succeeded();

  // The node could not be reached, or did not answer in time. Returns the pause until the probe if
  // that opens the breaker.
  [[nodiscard]] std::optional<milliseconds> failed();

  // The node is late with an answer, or has answered wrongly. Returns the pause if that opens the
  // breaker; a closed one is opened only if `may_leave_out`.
  [[nodiscard]] std::optional<milliseconds> strayed(bool may_leave_out);

  // The node answers neither a request nor a probe. Returns the pause if that opens the breaker.
  [[nodiscard]] std::optional<milliseconds> found_silent();

  // A probe after a pause has ended. If the node answered, makes the breaker half-open and returns
  // none; else returns the pause until the next probe.
  [[nodiscard]] std::optional<milliseconds> probed(bool answered);

 private:
  [[nodiscard]] milliseconds open() IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] milliseconds pause() IMAGESERVER_REQUIRES(mutex_);
  void note(bool strayed) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] bool strays_mostly() const IMAGESERVER_REQUIRES(mutex_);
  void forget() IMAGESERVER_REQUIRES(mutex_);

  const std::function<double()> random_;
  const int most_failures_;
  std::atomic<State> state_ = State::kClosed;  // written with mutex_ held
  std::atomic<bool> on_probation_ = false;     // the same
  Mutex mutex_;
  int failures_ IMAGESERVER_GUARDED_BY(mutex_) = 0;                        // in a row
  int strays_ IMAGESERVER_GUARDED_BY(mutex_) = 0;                          // in a row
  int successes_ IMAGESERVER_GUARDED_BY(mutex_) = 0;                       // in a row
  bool trial_ IMAGESERVER_GUARDED_BY(mutex_) = false;                      // is under way
  std::array<bool, kWindow> strayed_ IMAGESERVER_GUARDED_BY(mutex_) = {};  // a ring
  std::size_t noted_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // so many were written into the ring
  milliseconds next_pause_ IMAGESERVER_GUARDED_BY(mutex_) = kFirstPause;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_BREAKER_H_
