// Names from DNS: a Kubernetes headless service, Consul, or any name with several addresses.

#ifndef IMAGESERVER_MEMBERSHIP_DNS_DISCOVERY_H_
#define IMAGESERVER_MEMBERSHIP_DNS_DISCOVERY_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "membership/discovery.h"
#include "membership/dns_spec.h"
#include "membership/poller.h"

namespace imageserver {

struct DnsOptions {
  DnsSpec spec;
  milliseconds interval{10'000};
  std::string server;  // as query_dns (dns_query.h) takes it; empty: those of the system
};

// Asks every `interval`, whatever the records' time to live says. `on_view` is called on a thread
// of its own. Threads: constructed and destroyed where no other one is at that moment (c-ares
// counts its users without a lock).
class DnsDiscovery final : public Discovery {
 public:
  explicit DnsDiscovery(DnsOptions options);

  // Does not wait for an answer.
  ~DnsDiscovery() override;

  // Throws std::system_error if the process has no descriptor or thread left.
  void start(std::function<void(View)> on_view) override;
  void refresh() override;
  void leave(std::function<void()> done) override;

 private:
  class Library;

  const std::unique_ptr<Library> library_;
  const DnsOptions options_;
  std::optional<Poller> poller_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_DNS_DISCOVERY_H_
