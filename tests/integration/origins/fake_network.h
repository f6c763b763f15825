// What nodes take for DNS and the Internet (support/fake_network.cc).

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_

#include <string>

#include "integration/origins/preload.h"

namespace imageserver::testing {

// Nodes that are started while it lives are in that network. Threads: as Preload.
class FakeNetwork {
 public:
  // As the variables of support/fake_network.cc.
  FakeNetwork(const std::string& names, const std::string& routes)
      : preload_(IMAGESERVER_FAKE_NETWORK,
                 {{"IMAGESERVER_FAKE_NAMES", names}, {"IMAGESERVER_FAKE_ROUTES", routes}}) {}

 private:
  const Preload preload_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_
