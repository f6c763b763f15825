#include "peers/peer.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr double kWeight = 0.1;              // of the newest answer in the mean
constexpr std::chrono::minutes kSilence{1};  // between two warnings of one kind

// Fetches under way from one peer. More of them would only wait in the peer's own queue.
constexpr std::size_t kMostUnderWay = 512;

// Between two pulls of purges. The longest one is for those that are of no use again and again.
constexpr milliseconds kPullPause{200};
constexpr milliseconds kMostPullPause{10'000};

double random_fraction() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<>(0, 1)(random);
}

bool take_warning(std::optional<Clock::time_point>& last, Clock::time_point now) {
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

void Peer::identified(PeerKind kind, std::string_view ring, std::string_view settings) {
  kind_ = kind;
  const MutexLock lock(mutex_);
  seen_.ring = ring;
  seen_.settings = settings;
}

void Peer::say_purges(std::string_view digest) {
  const MutexLock lock(mutex_);
  said_purges_ = digest;
}

std::string Peer::said_purges() const {
  const MutexLock lock(mutex_);
  return said_purges_;
}

bool Peer::begin_pull(Clock::time_point now) {
  const MutexLock lock(mutex_);
  if (said_purges_ != pulled_purges_) next_pull_ = std::min(next_pull_, last_pull_ + kPullPause);
  if (is_pulling_ || now < next_pull_) return false;
  is_pulling_ = true;
  pulled_purges_ = said_purges_;
  return true;
}

void Peer::end_pull(Clock::time_point now, PullEnd end) {
  const MutexLock lock(mutex_);
  is_pulling_ = false;
  if (end == PullEnd::kFailed) pulled_purges_.clear();
  pull_pause_ = end == PullEnd::kOfUse ? kPullPause : std::min(2 * pull_pause_, kMostPullPause);
  last_pull_ = now;
  next_pull_ = now + pull_pause_;
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

bool Peer::take_ring_warning(std::string_view own_ring, Clock::time_point now) {
  const MutexLock lock(mutex_);
  if (seen_.ring.empty() || seen_.ring == own_ring) return false;
  return take_warning(warned_of_ring_, now);
}

bool Peer::take_answer_warning(Clock::time_point now) {
  const MutexLock lock(mutex_);
  return take_warning(warned_of_answer_, now);
}

bool Peer::enter(const std::shared_ptr<UnderWay>& fetch) {
  const MutexLock lock(mutex_);
  if (under_way_.size() >= kMostUnderWay) return false;
  under_way_.emplace(fetch.get(), fetch);
  return true;
}

void Peer::leave(const UnderWay* fetch) {
  const MutexLock lock(mutex_);
  under_way_.erase(fetch);
}

void Peer::let_go_all() {
  std::vector<std::shared_ptr<UnderWay>> fetches;
  {
    const MutexLock lock(mutex_);
    for (const auto& [address, fetch] : under_way_) {
      if (auto alive = fetch.lock()) fetches.push_back(std::move(alive));
    }
  }
  for (const auto& fetch : fetches) fetch->let_go();
}

void Peer::remember_failed(QuestionPtr question) {
  const MutexLock lock(mutex_);
  last_failed_.swap(question);
}

Peer::QuestionPtr Peer::last_failed() const {
  const MutexLock lock(mutex_);
  return last_failed_;
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
