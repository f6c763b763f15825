#include "peers/breaker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace imageserver {

Breaker::Breaker(std::function<double()> random) : random_(std::move(random)) {}

void Breaker::succeeded() {
  const MutexLock lock(mutex_);
  failures_ = 0;
  if (state_ == State::kClosed) next_pause_ = kFirstPause;
}

std::optional<milliseconds> Breaker::failed() {
  const MutexLock lock(mutex_);
  if (state_ != State::kClosed || ++failures_ < kFailures) return std::nullopt;
  state_ = State::kOpen;
  return pause();
}

void Breaker::probing() { state_ = State::kHalfOpen; }

std::optional<milliseconds> Breaker::probed(bool answered) {
  const MutexLock lock(mutex_);
  if (answered) {
    failures_ = 0;
    state_ = State::kClosed;
    return std::nullopt;
  }
  state_ = State::kOpen;
  return pause();
}

milliseconds Breaker::pause() {
  const auto factor = 0.8 + 0.4 * random_();
  const std::chrono::duration<double, std::milli> jittered = next_pause_ * factor;
  next_pause_ = std::min(2 * next_pause_, kLongestPause);
  return std::chrono::duration_cast<milliseconds>(jittered);
}

}  // namespace imageserver
