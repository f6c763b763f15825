// What this node knows of one of the others.

#ifndef IMAGESERVER_SERVER_PEER_H_
#define IMAGESERVER_SERVER_PEER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "groupcache/breaker.h"

namespace imageserver {

// Which program a node runs, as far as its answers have told.
enum class PeerKind : std::uint8_t { kUnknown, kOurs, kGo };

// A peer as `/peers` shows it.
struct PeerView {
  std::string name;
  PeerKind kind = PeerKind::kUnknown;
  Breaker::State state = Breaker::State::kClosed;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::optional<double> latency_ms;  // a moving mean over its answers
  std::string last_error;            // empty if there was none
  std::string ring;                  // the fingerprint it said last; empty if it never did
};

// Threads: any, concurrently.
class Peer {
 public:
  using Latency = std::chrono::duration<double, std::milli>;

  // `name` as on the ring: `http://` and the authority.
  explicit Peer(std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] Breaker& breaker() { return breaker_; }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }
  [[nodiscard]] PeerKind kind() const { return kind_; }

  // It is no node of the ring any more.
  void retire() { retired_ = true; }
  [[nodiscard]] bool retired() const { return retired_; }

  // An answer came. `ring` is what its marker says, empty if it has none: only our nodes mark their
  // answers, with the fingerprint of the ring they see.
  void answered(Latency latency, std::string_view ring);

  // A request to it failed, its breaker's refusals not counted.
  void failed(std::string_view error);

  // Whether it is time to say once more that the peer sees another ring than this node; at most
  // once a minute.
  [[nodiscard]] bool disagrees(std::string_view own_ring, Clock::time_point now);

  // The request to probe a Go node with: the last that failed.
  struct Question {
    std::string target;
    std::string fields;
  };
  void remember(Question question);
  [[nodiscard]] Question question() const;

  [[nodiscard]] PeerView view() const;

 private:
  const std::string name_;
  Breaker breaker_;
  std::atomic<PeerKind> kind_ = PeerKind::kUnknown;
  std::atomic<bool> retired_ = false;

  mutable std::mutex mutex_;  // guards what follows
  PeerView seen_;
  Question question_;
  std::optional<Clock::time_point> warned_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_H_
