// Real caches in front of a node, as sites have them.

#ifndef IMAGESERVER_TESTS_INTEGRATION_PURGE_CACHING_PROXY_H_
#define IMAGESERVER_TESTS_INTEGRATION_PURGE_CACHING_PROXY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "integration/harness/http_client.h"
#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {

class CachingProxy {
 public:
  enum class Program : std::uint8_t { kNginx, kVarnish };

  // In front of the node on that port. Waits until it answers.
  CachingProxy(Program program, std::uint16_t node);

  // Its answer has a field `X-Node`: the status of the node's answer that it last heard, or nothing
  // if this is a hit of nginx.
  [[nodiscard]] Reply get(std::string_view target) const;

 private:
  const TemporaryDirectory directory_;
  const Port port_;
  std::optional<Process> process_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_PURGE_CACHING_PROXY_H_
