// A peer that answers with whatever bytes it is told to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/unique_fd.h"
#include "support/port.h"

namespace imageserver::testing {

// How one request is answered: `bytes`, and then what `then` says.
struct Script {
  enum class Then : std::uint8_t {
    kKeep,    // the next request, on the same connection
    kClose,   // the end
    kReset,   // the end, as a process ends that is killed
    kSilent,  // nothing, for as long as the other side waits
    kRepeat,  // `more`, again and again, for as long as the other side takes it
  };

  std::string bytes;
  Then then = Then::kKeep;
  std::string more = {};
  std::chrono::milliseconds pause{0};  // after each `more`
  int times = 0;                       // `more` is sent, and then nothing; 0: without end
};

// A whole answer. `fields` are whole lines; Content-Length is added.
[[nodiscard]] std::string answer_text(int status, std::string_view fields, std::string_view body);

// Answers everything that comes in, each connection on a thread of its own.
class ScriptedPeer {
 public:
  // `target` is what the request line asks for. Called from any thread, concurrently.
  using Play = std::function<Script(const std::string& target)>;

  explicit ScriptedPeer(Play play);
  ~ScriptedPeer();

  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  // `127.0.0.1:PORT`.
  [[nodiscard]] std::string address() const { return port_.address(); }

  // From now on requests are answered so.
  void play(Play play);

  // Requests for a picture so far; and those that are for none, with which a peer looks whether we
  // live.
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int probes() const { return probes_; }

  // The head of the last request for a picture.
  [[nodiscard]] std::string last_head() const;

 private:
  void accept_all();
  void serve(const UniqueFd& socket);
  [[nodiscard]] Script script_for(const std::string& head);
  [[nodiscard]] bool perform(const UniqueFd& socket, const Script& script) const;
  void repeat(const UniqueFd& socket, const Script& script) const;
  void wait_for_end(const UniqueFd& socket) const;

  const Port port_;
  const UniqueFd listener_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> requests_ = 0;
  std::atomic<int> probes_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  Play play_;
  std::string last_head_;
  std::list<std::jthread> connections_;  // touched by the acceptor only
  std::jthread acceptor_;
};

// Somebody listens here, and nobody answers: packets that ask for a connection are dropped, as if
// the cable were cut.
class BlackHole {
 public:
  BlackHole();

  [[nodiscard]] std::string address() const { return port_.address(); }

 private:
  const Port port_;
  const UniqueFd listener_;
  std::list<UniqueFd> in_the_way_;  // fill the queue of those who wait to be let in
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_
