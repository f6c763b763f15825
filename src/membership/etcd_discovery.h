// Names from etcd, where every node registers itself.

#ifndef IMAGESERVER_MEMBERSHIP_ETCD_DISCOVERY_H_
#define IMAGESERVER_MEMBERSHIP_ETCD_DISCOVERY_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/asio.h"
#include "base/clock.h"
#include "membership/discovery.h"
#include "membership/etcd_endpoints.h"

namespace imageserver {

struct EtcdOptions {
  EtcdEndpoints endpoints;  // REQUIRES: one at least

  // REQUIRES: not empty, and its last byte is not 0xff.
  std::string prefix = "/imageserver/peers/";

  // This node's name. REQUIRES: is_peer_name() (base/address.h).
  std::string self;

  // How long a node that has gone silent is still seen. etcd rounds anything below 2 s up to 2 s.
  std::chrono::seconds time_to_live{10};

  // Between two looks.
  milliseconds beat{1000};
};

// Puts `prefix` + `self` into etcd (3.4, its JSON gateway) under a lease that it keeps alive, and
// looks at what else stands under the prefix. A lease that was lost is replaced by a new one, an
// endpoint that fails by the next; a look at which all of them failed is a failing view.
//
// `on_view` is called on the context's thread. Threads: destroyed on the context's thread, or while
// it does not run; the rest from any, but for start(), which comes first.
class EtcdDiscovery final : public Discovery {
 public:
  EtcdDiscovery(net::io_context& context, EtcdOptions options);
  ~EtcdDiscovery() override;

  void start(std::function<void(View)> on_view) override;
  void refresh() override;

  // There are no more views. Revokes the lease, which removes the name at once. REQUIRES: the
  // context runs, or `done` waits for the destructor.
  void leave(std::function<void()> done) override;

 private:
  class Member;

  const std::shared_ptr<Member> member_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_ETCD_DISCOVERY_H_
