// An origin that answers with whatever bytes it is told to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SCRIPTED_ORIGIN_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SCRIPTED_ORIGIN_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "integration/harness/scripted_server.h"

namespace imageserver::testing {

class ScriptedOrigin {
 public:
  // `target` is what the request line asks for. Called from any thread, concurrently; it may wait.
  using Play = std::function<Script(const std::string& target)>;

  explicit ScriptedOrigin(Play play, std::shared_ptr<const Port> port = std::make_shared<Port>());

  // Without a slash at its end.
  [[nodiscard]] std::string url() const { return "http://" + server_.port().address(); }
  [[nodiscard]] std::uint16_t port() const { return server_.port().number(); }

  // From now on requests are answered so.
  void play(Play play);

  // Requests so far: for the target, and for all.
  [[nodiscard]] int requests(const std::string& target) const;
  [[nodiscard]] int requests() const;

  // The heads of all requests so far.
  [[nodiscard]] std::vector<std::string> heads() const;

  // The most connections that were open at a time.
  [[nodiscard]] int most_connections() const { return server_.most_connections(); }

 private:
  [[nodiscard]] Script answer(const std::string& head);

  mutable std::mutex mutex_;  // guards what follows
  Play play_;
  std::vector<std::string> heads_;
  const ScriptedServer server_;  // uses what stands above
};

// Answers every request with those bytes, as a picture.
[[nodiscard]] ScriptedOrigin::Play gives(std::string bytes);

// Answers every request so.
[[nodiscard]] ScriptedOrigin::Play plays(Script script);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SCRIPTED_ORIGIN_H_
