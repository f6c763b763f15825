// A name server that tells nodes who is in their ring.

#ifndef IMAGESERVER_TESTS_INTEGRATION_FAULTS_LONG_DNS_LIST_H_
#define IMAGESERVER_TESTS_INTEGRATION_FAULTS_LONG_DNS_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "integration/harness/ring.h"
#include "support/name_servers.h"

namespace imageserver::testing {

// SRV records, as only they have ports. For a ring on the host `localhost`.
class DnsList {
 public:
  // REQUIRES: the list outlives the ring.
  [[nodiscard]] Introduction introduction() {
    return [this](const std::vector<std::string>& addresses, std::size_t) {
      if (records_.empty()) publish(addresses);
      return Flags{"--groupcache-peers-dns=srv:_ring._tcp.test",
                   "--groupcache-peers-dns-server=" + server_.address(),
                   "--groupcache-peers-interval=100ms"};
    };
  }

  // It is asked in vain.
  void stop() { server_.stop(); }

  // It answers that there are none.
  void answer_with_none() { server_.start({}); }

  void restore() { server_.start(records_); }

 private:
  void publish(const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) {
      const auto colon = address.find(':');
      records_.push_back("--srv-host=_ring._tcp.test," + address.substr(0, colon) + ',' +
                         address.substr(colon + 1));
    }
    restore();
  }

  Dnsmasq server_;
  std::vector<std::string> records_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_FAULTS_LONG_DNS_LIST_H_
