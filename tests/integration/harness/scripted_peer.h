// A peer that answers with whatever bytes it is told to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "integration/harness/scripted_server.h"

namespace imageserver::testing {

class ScriptedPeer {
 public:
  // `target` is what the request line asks for. Called from any thread, concurrently.
  using Play = std::function<Script(const std::string& target)>;

  explicit ScriptedPeer(Play play);

  // `127.0.0.1:PORT`.
  [[nodiscard]] std::string address() const { return server_.port().address(); }

  // From now on requests are answered so.
  void play(Play play);

  // Requests for a picture so far; and those that are for none, with which a peer looks whether we
  // live.
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int probes() const { return probes_; }

  // The head of the last request for a picture.
  [[nodiscard]] std::string last_head() const;

 private:
  [[nodiscard]] Script answer(const std::string& head);

  std::atomic<int> requests_ = 0;
  std::atomic<int> probes_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  Play play_;
  std::string last_head_;
  const ScriptedServer server_;  // uses what stands above
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_PEER_H_
