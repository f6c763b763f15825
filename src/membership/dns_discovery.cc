#include "membership/dns_discovery.h"

#include <ares.h>

#include <stdexcept>
#include <utility>

#include "membership/dns_query.h"

namespace imageserver {

// c-ares is ready while one of these lives.
class DnsDiscovery::Library {
 public:
  Library() {
    const int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS) throw std::runtime_error(ares_strerror(status));
  }
  ~Library() { ares_library_cleanup(); }

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

DnsDiscovery::DnsDiscovery(DnsOptions options)
    : library_(std::make_unique<Library>()), options_(std::move(options)) {}

DnsDiscovery::~DnsDiscovery() = default;

void DnsDiscovery::start(std::function<void(View)> on_view) {
  const auto look = [this](int stop) { return query_dns(options_.spec, options_.server, stop); };
  poller_.emplace(look, std::move(on_view), Poller::Occasions{options_.interval});
}

void DnsDiscovery::refresh() {
  if (poller_) poller_->refresh();
}

void DnsDiscovery::leave(std::function<void()> done) { done(); }

}  // namespace imageserver
