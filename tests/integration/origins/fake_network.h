// What nodes take for DNS and the Internet (support/fake_network.cc).

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_

#include <cstdlib>
#include <string>

namespace imageserver::testing {

// Nodes that are started while it lives are in that network. Threads: one, while no other one reads
// the environment.
class FakeNetwork {
 public:
  // As the variables of support/fake_network.cc.
  FakeNetwork(const std::string& names, const std::string& routes) {
    setenv("IMAGESERVER_FAKE_NAMES", names.c_str(), 1);
    setenv("IMAGESERVER_FAKE_ROUTES", routes.c_str(), 1);
    // A sanitizer complains of a library that comes before its own.
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
    setenv("LD_PRELOAD", IMAGESERVER_FAKE_NETWORK, 1);
  }
  ~FakeNetwork() {
    for (const char* variable :
         {"IMAGESERVER_FAKE_NAMES", "IMAGESERVER_FAKE_ROUTES", "ASAN_OPTIONS", "LD_PRELOAD"}) {
      unsetenv(variable);
    }
  }

  FakeNetwork(const FakeNetwork&) = delete;
  FakeNetwork& operator=(const FakeNetwork&) = delete;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FAKE_NETWORK_H_
