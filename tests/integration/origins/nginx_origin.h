// A real nginx with originals in a temporary directory.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_NGINX_ORIGIN_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_NGINX_ORIGIN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/origins/certificates.h"
#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {

class NginxOrigin {
 public:
  // With a certificate it speaks TLS, and HTTP/2. Waits until it answers.
  explicit NginxOrigin(std::optional<Certificate> certificate = std::nullopt);

  // A file that it gives; `name` as the file system has it.
  void write(const std::string& name, std::string_view content) const;
  void remove(const std::string& name) const;

  // Without a slash at its end. `host` is a name of the loopback.
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;

  // What it was asked for so far, a line each: `METHOD TARGET PROTOCOL STATUS`.
  [[nodiscard]] std::vector<std::string> requests() const;

  // Ends it; nobody listens there until it is started again.
  void stop() { process_.reset(); }
  void start();

 private:
  [[nodiscard]] std::string configuration() const;
  [[nodiscard]] std::string access_log() const;

  const std::optional<Certificate> certificate_;
  const TemporaryDirectory directory_;
  const Port port_;
  const Port fence_;  // is asked for nothing but to say that all that was asked before is logged
  std::optional<Process> process_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_NGINX_ORIGIN_H_
