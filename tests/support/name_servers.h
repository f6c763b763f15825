// Name servers on the loopback: the real dnsmasq, and one that answers as it is told.

#ifndef IMAGESERVER_TESTS_SUPPORT_NAME_SERVERS_H_
#define IMAGESERVER_TESTS_SUPPORT_NAME_SERVERS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "support/port.h"
#include "support/process.h"

namespace imageserver::testing {

// dnsmasq on a port of its own, which says nothing while it does not run: packets to it are lost.
class Dnsmasq {
 public:
  Dnsmasq();

  // `ip:port`.
  [[nodiscard]] std::string address() const { return port_.address(); }

  // With these records, as flags of dnsmasq. It knows all there is to know about `test`, and
  // refuses to look for anything else. Stops the one that ran.
  void start(const std::vector<std::string>& records);
  void stop();

 private:
  const Port port_;
  UniqueFd packets_;  // takes what is sent to the port while dnsmasq does not
  std::optional<Process> process_;
};

// Answers each query over UDP.
class ScriptedNameServer {
 public:
  enum class Type : std::uint16_t { kA = 1, kAaaa = 28, kSrv = 33 };

  struct Reply {
    bool silent = false;
    std::uint8_t code = 0;             // RCODE
    std::vector<std::string> records;  // the data of each, as it is on the wire
  };

  // `script` is called on a thread of its own.
  explicit ScriptedNameServer(std::function<Reply(Type)> script);
  ~ScriptedNameServer();

  ScriptedNameServer(const ScriptedNameServer&) = delete;
  ScriptedNameServer& operator=(const ScriptedNameServer&) = delete;

  [[nodiscard]] std::string address() const;

  // Queries so far.
  [[nodiscard]] int queries() const { return queries_; }

 private:
  void run();
  void answer();

  const std::function<Reply(Type)> script_;
  const UniqueFd socket_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> queries_ = 0;
  std::jthread thread_;  // uses what stands above
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_NAME_SERVERS_H_
