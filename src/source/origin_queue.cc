#include "source/origin_queue.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/log.h"

namespace imageserver {
namespace {

// One is enough: a request that runs into the time-out holds up whoever waits for it.
constexpr int kFailures = 1;

// Numbers from 0 up to 1.
std::function<double()> random_numbers() {
  return [engine = std::mt19937(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>()(engine);
  };
}

}  // namespace

OriginQueue::OriginQueue(net::io_context& context, std::string name, OriginLimits limits)
    : name_(std::move(name)),
      limits_(limits),
      breaker_(random_numbers(), kFailures),
      pause_(context.get_executor()) {}

void OriginQueue::enter(RequestPtr request) {
  if (waiting_.size() >= limits_.waiting) {
    return request->refuse({ErrorKind::kBusy, "too many originals are waited for"});
  }
  waiting_.push_back(std::move(request));
  go_on();
}

void OriginQueue::leave(const RequestPtr& request) { std::erase(waiting_, request); }

void OriginQueue::ended(const RequestPtr& request, Outcome outcome, const Error& error) {
  const auto run = running_.extract(request);
  // What began before the breaker opened says nothing of a server that is tried now.
  if (!run.empty() && run.mapped() == times_opened_) judge(outcome, error);
  go_on();
}

void OriginQueue::judge(Outcome outcome, const Error& error) {
  if (outcome == Outcome::kNotReached || outcome == Outcome::kLate) last_error_ = error;
  if (const auto pause = note(outcome)) {
    log::warn("the origin {} does not answer ({}): it is left alone for {} ms", name_,
              error.message, pause->count());
    ++times_opened_;
    stay_open(*pause);
  }
}

std::optional<milliseconds> OriginQueue::note(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnswered:
      breaker_.succeeded();
      return std::nullopt;
    case Outcome::kNotReached:
      return breaker_.failed();
    case Outcome::kLate:
      return breaker_.strayed(true);
    case Outcome::kNothing:
      breaker_.trial_ended();
      return std::nullopt;
  }
  return std::nullopt;
}

void OriginQueue::go_on() {
  while (!waiting_.empty() && running_.size() < limits_.at_once) {
    if (breaker_.permit() == Breaker::Permit::kNo) return refuse_all();
    begin_next();
  }
}

void OriginQueue::begin_next() {
  const RequestPtr next = std::move(waiting_.front());
  waiting_.pop_front();
  running_.emplace(next, times_opened_);
  next->begin();
}

void OriginQueue::refuse_all() {
  for (const RequestPtr& request : std::exchange(waiting_, {})) request->refuse(last_error_);
}

// The trial after the pause is a request that somebody waits for: nothing else is sent to a server
// of others.
void OriginQueue::stay_open(milliseconds pause) {
  pause_.expires_after(pause);
  pause_.async_wait([this](const error_code& error) {
    if (!error) static_cast<void>(breaker_.probed(true));
  });
}

}  // namespace imageserver
