// What this node knows of one of the others.

#ifndef IMAGESERVER_PEERS_PEER_H_
#define IMAGESERVER_PEERS_PEER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "http/byte_budget.h"
#include "peers/breaker.h"

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

  // `name` as on the ring: `http://` and the authority. Its answers may take `body_bytes` together
  // while they arrive.
  Peer(std::string name, std::size_t body_bytes);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] Breaker& breaker() { return breaker_; }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }
  [[nodiscard]] PeerKind kind() const { return kind_; }

  // It is no node of the ring any more.
  void retire() { retired_ = true; }
  [[nodiscard]] bool retired() const { return retired_; }

  // What an answer tells of the node. `ring` is what its marker says, empty if it has none: only
  // our nodes mark their answers, with the fingerprint of the ring they see.
  void identified(PeerKind kind, std::string_view ring);

  // It may be another program by now.
  void forget_kind() { kind_ = PeerKind::kUnknown; }

  // An answer came to a request, a probe not counted.
  void answered(Latency latency);

  // A request to it failed, its breaker's refusals not counted.
  void failed(std::string_view error);

  // Whether it is time to say once more that the peer sees another ring than this node; at most
  // once a minute.
  [[nodiscard]] bool disagrees(std::string_view own_ring, Clock::time_point now);

  // Whether it is time to say once more that it answers what it must not; at most once a minute.
  [[nodiscard]] bool complains(Clock::time_point now);

  // A place among the requests that are under way with it; false if there are too many.
  [[nodiscard]] bool enter();
  void leave() { --under_way_; }

  // Whether nobody is just looking if it is there; true for one until done_looking().
  [[nodiscard]] bool begin_looking() { return !looking_.exchange(true); }
  void done_looking() { looking_ = false; }

  // Of its answers while they arrive.
  [[nodiscard]] const std::shared_ptr<ByteBudget>& bytes() const { return bytes_; }

  // The request to probe a Go node with: the last that failed.
  struct Question {
    std::string target;
    std::string context;
  };
  void remember(Question question);
  [[nodiscard]] Question question() const;

  [[nodiscard]] PeerView view() const;

 private:
  const std::string name_;
  Breaker breaker_;
  std::atomic<PeerKind> kind_ = PeerKind::kUnknown;
  std::atomic<bool> retired_ = false;
  std::atomic<bool> looking_ = false;
  std::atomic<int> under_way_ = 0;
  const std::shared_ptr<ByteBudget> bytes_;

  mutable Mutex mutex_;
  PeerView seen_ IMAGESERVER_GUARDED_BY(mutex_);
  Question question_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<Clock::time_point> warned_of_ring_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<Clock::time_point> warned_of_answer_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_H_
