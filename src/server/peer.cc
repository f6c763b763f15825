#include "server/peer.h"

#include <random>
#include <utility>

namespace imageserver {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr double kWeight = 0.1;  // of the newest answer in the mean
constexpr std::chrono::minutes kSilence{1};

double random_fraction() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<>(0, 1)(random);
}

}  // namespace

Peer::Peer(std::string name) : name_(std::move(name)), breaker_(random_fraction) {}

std::string Peer::authority() const { return name_.substr(kScheme.size()); }

void Peer::answered(Latency latency, std::string_view ring) {
  kind_ = ring.empty() ? PeerKind::kGo : PeerKind::kOurs;
  const std::lock_guard lock(mutex_);
  ++seen_.requests;
  seen_.ring = ring;
  const double mean = seen_.latency_ms.value_or(latency.count());
  seen_.latency_ms = mean + kWeight * (latency.count() - mean);
}

void Peer::failed(std::string_view error) {
  const std::lock_guard lock(mutex_);
  ++seen_.errors;
  seen_.last_error = error;
}

bool Peer::disagrees(std::string_view own_ring, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (seen_.ring.empty() || seen_.ring == own_ring) return false;
  if (warned_ && now - *warned_ < kSilence) return false;
  warned_ = now;
  return true;
}

void Peer::remember(Question question) {
  const std::lock_guard lock(mutex_);
  question_ = std::move(question);
}

Peer::Question Peer::question() const {
  const std::lock_guard lock(mutex_);
  return question_;
}

PeerView Peer::view() const {
  const std::lock_guard lock(mutex_);
  PeerView view = seen_;
  view.name = name_;
  view.kind = kind_;
  view.state = breaker_.state();
  return view;
}

}  // namespace imageserver
