// One running imageserver, over testdata unless told otherwise.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_NODE_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_NODE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/http_client.h"
#include "support/port.h"
#include "support/process.h"

namespace imageserver::testing {

using Flags = std::vector<std::string>;

// The program under test.
[[nodiscard]] std::string program();

class Node {
 public:
  // Starts it on a port of its own and waits until it is ready.
  explicit Node(const Flags& flags = {});
  Node(std::shared_ptr<Port> port, const Flags& flags);

  // Stops it as stop() does. Whatever the test was about: a node that was asked to leave and does
  // not do so cleanly (a sanitizer's complaint included) fails it.
  ~Node();

  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_->number(); }
  [[nodiscard]] Process& process() { return process_; }

  // One request on a connection of its own.
  [[nodiscard]] Reply get(std::string_view target, std::string_view fields = {}) const;

  // The same with the token that `/stats` and `/peers` ask for where the flags name a secret.
  [[nodiscard]] Reply get_as_reader(std::string_view target) const;

  // A counter by its path in `/stats`, such as "Group/Gets" or "Caches/Main/Hits".
  [[nodiscard]] std::uint64_t counter(std::string_view path) const;

  // The same of `/stats/sources`, which counts originals that are fetched.
  [[nodiscard]] std::uint64_t source_counter(std::string_view path) const;

  // Loads that have begun and not yet ended.
  [[nodiscard]] std::uint64_t loads_under_way() const;

  // Waits until every thread sleeps, and goes on sleeping for a while. False if patience runs out.
  [[nodiscard]] bool becomes_idle() const;

  // Asks it to leave and waits; the exit code.
  int stop();

  // Has it do nothing until it is woken: connections stay, and nothing is answered. Returns once
  // all of its threads stand still.
  void freeze();
  void wake();

  // Kills it without a word of warning.
  void kill();

 private:
  void wait_until_ready();
  [[nodiscard]] std::uint64_t counter_in(std::string_view document, std::string_view path) const;

  std::shared_ptr<Port> port_;
  const std::string reader_fields_;
  Process process_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_NODE_H_
