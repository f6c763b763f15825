// What this node knows of one of its peers.

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
#include <unordered_map>

#include "base/breaker.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "http/byte_budget.h"
#include "peers/wire/nonce.h"

namespace imageserver {

// Which program a peer runs. Unknown until one of its answers shows it.
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
  std::string settings;              // those it told last (wire/settings.h)
};

// A fetch from a peer that is under way.
class UnderWay {
 public:
  virtual ~UnderWay() = default;

  // The peer was found silent, or is left out: the fetch is to end soon, as if the peer were away.
  // Threads: any.
  virtual void let_go() = 0;
};

// Threads: any, concurrently.
class Peer {
 public:
  using Latency = std::chrono::duration<double, std::milli>;

  // `name` is the name on the ring: `http://` and the authority. The bodies of the peer's answers
  // may take `body_bytes` together while they arrive.
  Peer(std::string name, std::size_t body_bytes);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] Breaker& breaker() { return breaker_; }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }
  [[nodiscard]] PeerKind kind() const { return kind_; }

  // The peer has left the ring.
  void retire() { retired_ = true; }
  [[nodiscard]] bool retired() const { return retired_; }

  // An answer has shown which program the peer runs. `ring` is the fingerprint of the ring that the
  // peer sees; empty if the answer has none, as only our nodes send it (kRingField). `settings` are
  // what it says of those (kSettingsField).
  void identified(PeerKind kind, std::string_view ring, std::string_view settings);

  // Another program may answer under the peer's name by now.
  void forget_kind() { kind_ = PeerKind::kUnknown; }

  // Whether the peer sends interim answers while it works: its silence then means something.
  [[nodiscard]] bool speaks_interim() const { return speaks_interim_; }
  void heard_interim(bool speaks) { speaks_interim_ = speaks; }

  // The peer answered a request. Not called for probes.
  void answered(Latency latency);

  // A request to the peer failed. Not called for requests that the breaker refused.
  void failed(std::string_view error);

  // Takes the minute's warning that the peer sees another ring than this node: true if it does, and
  // the last such warning is at least a minute old.
  [[nodiscard]] bool take_ring_warning(std::string_view own_ring, Clock::time_point now);

  // Takes the minute's warning of a bad answer: true if the last one is at least a minute old.
  [[nodiscard]] bool take_answer_warning(Clock::time_point now);

  // Takes a place among the fetches under way from the peer; leave() gives it back. False, and
  // nothing is taken, if there are too many.
  [[nodiscard]] bool enter(const std::shared_ptr<UnderWay>& fetch);
  void leave(const UnderWay* fetch);

  // Lets go of all fetches under way.
  void let_go_all();

  // Takes the right to check whether the peer is there; end_check() gives it back. False if another
  // check is under way.
  [[nodiscard]] bool begin_check() { return !checking_.exchange(true); }
  void end_check() { checking_ = false; }

  // The peer has said this digest of its purges (PurgeTalk).
  void say_purges(std::string_view digest);
  [[nodiscard]] std::string said_purges() const;

  // Takes the right to pull the peer's purges; end_pull() gives it back. False while another pull
  // is under way, for a moment after each, and for longer after one that was of no use: after each
  // one more, for twice as long. A digest that was not said at the last pull, or a pull that
  // failed, ends that longer time.
  [[nodiscard]] bool begin_pull(Clock::time_point now);
  enum class PullEnd : std::uint8_t { kOfUse, kOfNoUse, kFailed };
  void end_pull(Clock::time_point now, PullEnd end);

  // Of the signatures of what the peer is asked.
  [[nodiscard]] NonceStream& nonces() { return nonces_; }

  // The budget of the bodies that arrive.
  [[nodiscard]] const std::shared_ptr<ByteBudget>& bytes() const { return bytes_; }

  // What a request asks for.
  struct Question {
    std::string target;
    std::string context;  // value of the context header; empty: the request has none
  };
  using QuestionPtr = std::shared_ptr<const Question>;

  // The question of the last request that failed; null if none did. Go nodes are probed with it.
  void remember_failed(QuestionPtr question);
  [[nodiscard]] QuestionPtr last_failed() const;

  [[nodiscard]] PeerView view() const;

 private:
  const std::string name_;
  Breaker breaker_;
  std::atomic<PeerKind> kind_ = PeerKind::kUnknown;
  std::atomic<bool> retired_ = false;
  std::atomic<bool> checking_ = false;
  std::atomic<bool> speaks_interim_ = false;
  NonceStream nonces_;
  const std::shared_ptr<ByteBudget> bytes_;

  mutable Mutex mutex_;
  PeerView seen_ IMAGESERVER_GUARDED_BY(mutex_);
  QuestionPtr last_failed_ IMAGESERVER_GUARDED_BY(mutex_);
  std::unordered_map<const UnderWay*, std::weak_ptr<UnderWay>> under_way_
      IMAGESERVER_GUARDED_BY(mutex_);
  std::string said_purges_ IMAGESERVER_GUARDED_BY(mutex_);
  std::string pulled_purges_ IMAGESERVER_GUARDED_BY(mutex_);  // as said when it was pulled last
  bool is_pulling_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  milliseconds pull_pause_ IMAGESERVER_GUARDED_BY(mutex_){100};
  Clock::time_point last_pull_ IMAGESERVER_GUARDED_BY(mutex_);
  Clock::time_point next_pull_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<Clock::time_point> warned_of_ring_ IMAGESERVER_GUARDED_BY(mutex_);
  std::optional<Clock::time_point> warned_of_answer_ IMAGESERVER_GUARDED_BY(mutex_);
};

using PeerPtr = std::shared_ptr<Peer>;

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_H_
