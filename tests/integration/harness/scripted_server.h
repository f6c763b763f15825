// A server that answers with whatever bytes it is told to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_SERVER_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_SERVER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
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

// What the request line of a head asks for.
[[nodiscard]] std::string target_of(const std::string& head);

// Answers everything that comes in, each connection on a thread of its own.
class ScriptedServer {
 public:
  // `head` is that of a request, with its last \r\n. Called from any thread, concurrently.
  using Answer = std::function<Script(const std::string& head)>;

  explicit ScriptedServer(Answer answer);

  // On a port that is known before the server is there.
  ScriptedServer(std::shared_ptr<const Port> port, Answer answer);

  ~ScriptedServer();

  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] const Port& port() const { return *port_; }

  // The most connections that were open at a time.
  [[nodiscard]] int most_connections() const { return most_open_; }

 private:
  void accept_all();
  void serve(const UniqueFd& socket);
  void answer_all(const UniqueFd& socket);
  [[nodiscard]] bool perform(const UniqueFd& socket, const Script& script) const;
  void repeat(const UniqueFd& socket, const Script& script) const;
  void wait_for_end(const UniqueFd& socket) const;

  const std::shared_ptr<const Port> port_;
  const UniqueFd listener_;
  const Answer answer_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> open_ = 0;
  std::atomic<int> most_open_ = 0;
  std::list<std::jthread> connections_;  // touched by the acceptor only
  std::jthread acceptor_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_SCRIPTED_SERVER_H_
