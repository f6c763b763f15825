#include "peers/peer.h"

#include <random>
#include <utility>

namespace imageserver {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr double kWeight = 0.1;  // of the newest answer in the mean
constexpr std::chrono::minutes kSilence{1};

// More than a node's queue takes would only wait, here as there.
constexpr int kMostUnderWay = 512;

double random_fraction() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<>(0, 1)(random);
}

bool is_time_to_warn(std::optional<Clock::time_point>& last, Clock::time_point now) {
  if (last && now - *last < kSilence) return false;
  last = now;
  return true;
}

}  // namespace

Peer::Peer(std::string name, std::size_t body_bytes)
    : name_(std::move(name)),
      breaker_(random_fraction),
      bytes_(std::make_shared<ByteBudget>(body_bytes)) {}

std::string Peer::authority() const { return name_.substr(kScheme.size()); }

void Peer::identified(PeerKind kind, std::string_view ring) {
  kind_ = kind;
  const MutexLock lock(mutex_);
  seen_.ring = ring;
}

void Peer::answered(Latency latency) {
  const MutexLock lock(mutex_);
  ++seen_.requests;
  const double mean = seen_.latency_ms.value_or(latency.count());
  seen_.latency_ms = mean + kWeight * (latency.count() - mean);
}

void Peer::failed(std::string_view error) {
  const MutexLock lock(mutex_);
  ++seen_.errors;
  seen_.last_error = error;
}

bool Peer::disagrees(std::string_view own_ring, Clock::time_point now) {
  const MutexLock lock(mutex_);
  if (seen_.ring.empty() || seen_.ring == own_ring) return false;
  return is_time_to_warn(warned_of_ring_, now);
}

bool Peer::complains(Clock::time_point now) {
  const MutexLock lock(mutex_);
  return is_time_to_warn(warned_of_answer_, now);
}

bool Peer::enter() {
  if (++under_way_ <= kMostUnderWay) return true;
  leave();
  return false;
}

void Peer::remember(Question question) {
  const MutexLock lock(mutex_);
  question_ = std::move(question);
}

Peer::Question Peer::question() const {
  const MutexLock lock(mutex_);
  return question_;
}

PeerView Peer::view() const {
  const MutexLock lock(mutex_);
  PeerView view = seen_;
  view.name = name_;
  view.kind = kind_;
  view.state = breaker_.state();
  return view;
}

}  // namespace imageserver
