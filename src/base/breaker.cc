#include "base/breaker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace imageserver {

Breaker::Breaker(std::function<double()> random, int failures)
    : random_(std::move(random)), most_failures_(failures) {}

Breaker::Permit Breaker::permit() {
  if (steady()) return Permit::kYes;
  const MutexLock lock(mutex_);
  if (state_ == State::kClosed) return on_probation_ ? Permit::kOnProbation : Permit::kYes;
  if (state_ == State::kOpen || trial_) return Permit::kNo;
  trial_ = true;
  return Permit::kTrial;
}

void Breaker::trial_ended() {
  const MutexLock lock(mutex_);
  trial_ = false;
}

// An answer that comes while the breaker is open is to a request from before.
void Breaker::succeeded() {
  const MutexLock lock(mutex_);
  failures_ = 0;
  if (state_ == State::kOpen) return;
  note(false);
  ++successes_;
  trial_ = false;
  if (state_ == State::kHalfOpen && successes_ >= kTrials) {
    forget();
    on_probation_ = true;
    state_ = State::kClosed;
  } else if (on_probation_ && successes_ >= kSteady) {
    on_probation_ = false;
    next_pause_ = kFirstPause;
  }
}

std::optional<milliseconds> Breaker::failed() {
  const MutexLock lock(mutex_);
  if (state_ == State::kOpen) return std::nullopt;
  successes_ = 0;
  const bool enough = ++failures_ >= most_failures_ || state_ == State::kHalfOpen;
  return enough ? std::optional(open()) : std::nullopt;
}

std::optional<milliseconds> Breaker::strayed(bool may_leave_out) {
  const MutexLock lock(mutex_);
  if (state_ == State::kOpen) return std::nullopt;
  successes_ = 0;
  note(true);
  const bool enough = state_ == State::kHalfOpen || (strays_mostly() && may_leave_out);
  return enough ? std::optional(open()) : std::nullopt;
}

std::optional<milliseconds> Breaker::found_silent() {
  const MutexLock lock(mutex_);
  return state_ == State::kOpen ? std::nullopt : std::optional(open());
}

std::optional<milliseconds> Breaker::probed(bool answered) {
  const MutexLock lock(mutex_);
  if (!answered) return pause();
  forget();
  state_ = State::kHalfOpen;
  return std::nullopt;
}

milliseconds Breaker::open() {
  state_ = State::kOpen;
  trial_ = false;
  return pause();
}

milliseconds Breaker::pause() {
  const auto factor = 0.8 + 0.4 * random_();
  const std::chrono::duration<double, std::milli> jittered = next_pause_ * factor;
  next_pause_ = std::min(2 * next_pause_, kLongestPause);
  return std::chrono::duration_cast<milliseconds>(jittered);
}

void Breaker::note(bool strayed) {
  strayed_.at(noted_++ % kWindow) = strayed;
  strays_ = strayed ? strays_ + 1 : 0;
}

bool Breaker::strays_mostly() const {
  if (on_probation_ || strays_ >= kStraysInARow) return true;
  const auto seen = static_cast<std::ptrdiff_t>(std::min(noted_, kWindow));
  const auto strays = std::count(strayed_.begin(), strayed_.begin() + seen, true);
  return strays >= kFewestStrays && 2 * strays >= seen;
}

void Breaker::forget() {
  failures_ = 0;
  strays_ = 0;
  successes_ = 0;
  noted_ = 0;
}

}  // namespace imageserver
