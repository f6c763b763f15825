// A real etcd of one node in a temporary directory.

#ifndef IMAGESERVER_TESTS_SUPPORT_ETCD_SERVER_H_
#define IMAGESERVER_TESTS_SUPPORT_ETCD_SERVER_H_

#include <optional>
#include <string>
#include <string_view>

#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {

class EtcdServer {
 public:
  EtcdServer() { start(); }

  // `ip:port` where clients are answered.
  [[nodiscard]] std::string address() const { return client_.address(); }

  // On the same port. Waits until it answers.
  void start();
  void stop() { process_.reset(); }

  // The next one that is started knows nothing of this one.
  void forget();

  // Asks it for that, and returns what it answers.
  std::string post(std::string_view path, std::string_view body) const;

 private:
  [[nodiscard]] bool is_ready() const;

  const TemporaryDirectory directory_;
  const Port client_;
  const Port peer_;
  std::optional<Process> process_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_ETCD_SERVER_H_
