#include "http/backlog.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "http/acknowledged.h"

namespace imageserver {
namespace {

// Nobody's speed is known at first. So each is taken to have had this much in this time, which
// weighs less and less.
constexpr double kHeadStartBytes = 64 << 10;
constexpr double kHeadStartSeconds = 0.05;

double bytes_per_second(std::uint64_t bytes, Clock::duration time) {
  const std::chrono::duration<double> seconds = time;
  return (static_cast<double>(bytes) + kHeadStartBytes) / (seconds.count() + kHeadStartSeconds);
}

// To find the slowest, all are asked. So a little more room is made than is needed.
constexpr std::size_t kMorePart = 64;

}  // namespace

void Unsent::begin(int socket, const OccupantRef& occupant, std::vector<std::string_view> bodies) {
  socket_ = socket;
  occupant_ = &occupant;
  bodies_ = std::move(bodies);
  begun_ = true;
  backlog_->begin(*this);
}

void Unsent::end() {
  if (std::exchange(begun_, false)) backlog_->end(*this);
}

void Unsent::note(Deadline now, std::uint64_t acknowledged) {
  const MutexLock lock(backlog_->mutex_);
  if (start_) start_ = {now, acknowledged};
}

bool Unsent::to_drop() const {
  const MutexLock lock(backlog_->mutex_);
  return to_drop_;
}

std::size_t Backlog::held() const {
  const MutexLock lock(mutex_);
  return held_;
}

void Backlog::begin(Unsent& unsent) {
  const MutexLock lock(mutex_);
  const Deadline now = Clock::now();
  unsent.begun_at_ = now;
  unsent.start_.reset();
  add(unsent);
  measure(unsent, now);
  if (held_ > most_) drop_slowest(unsent);
}

void Backlog::end(Unsent& unsent) {
  const MutexLock lock(mutex_);
  if (!unsent.to_drop_) remove(unsent);
  unsent.to_drop_ = false;
}

void Backlog::add(Unsent& unsent) {
  unsent.place_ = unsent_.size();
  unsent_.push_back(&unsent);
  for (const std::string_view body : unsent.bodies_) {
    Body& held = bodies_[body.data()];
    if (++held.holders > 1) continue;
    held.size = body.size();
    held_ += body.size();
  }
}

void Backlog::remove(Unsent& unsent) {
  unsent_[unsent.place_] = unsent_.back();
  unsent_[unsent.place_]->place_ = unsent.place_;
  unsent_.pop_back();
  for (const std::string_view body : unsent.bodies_) {
    const auto held = bodies_.find(body.data());
    if (--held->second.holders > 0) continue;
    held_ -= held->second.size;
    bodies_.erase(held);
  }
}

// Speeds are measured only while the bound is near, as it costs a call of the system each.
void Backlog::measure(Unsent& newcomer, Deadline now) {
  const auto start = [now](Unsent& unsent) {
    if (!unsent.start_) unsent.start_ = {now, acknowledged_bytes(unsent.socket_)};
  };
  if (held_ <= most_ / 2) {
    measuring_ = false;
  } else if (measuring_) {
    start(newcomer);
  } else {
    for (Unsent* const unsent : unsent_) start(*unsent);
    measuring_ = true;
  }
}

void Backlog::drop_slowest(const Unsent& newcomer) {
  struct Speed {
    double bytes_per_second;
    Deadline begun_at;
    Unsent* unsent;
  };
  const Deadline now = Clock::now();
  std::vector<Speed> speeds;
  speeds.reserve(unsent_.size());
  for (Unsent* const unsent : unsent_) {
    if (unsent == &newcomer) continue;
    const std::uint64_t taken = acknowledged_bytes(unsent->socket_) - unsent->start_->acknowledged;
    speeds.push_back(
        {bytes_per_second(taken, now - unsent->start_->when), unsent->begun_at_, unsent});
  }
  std::ranges::sort(speeds, [](const Speed& a, const Speed& b) {
    return std::pair(a.bytes_per_second, a.begun_at) < std::pair(b.bytes_per_second, b.begun_at);
  });
  const std::size_t enough = most_ - most_ / kMorePart;
  for (const Speed& speed : speeds) {
    if (held_ <= enough) return;
    remove(*speed.unsent);
    speed.unsent->to_drop_ = true;
    speed.unsent->occupant_->ask(&Occupant::drop_answer);
  }
}

}  // namespace imageserver
