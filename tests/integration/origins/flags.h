// Flags of nodes that fetch originals from origins on the loopback.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FLAGS_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FLAGS_H_

#include <string>

#include "integration/harness/node.h"

namespace imageserver::testing {

inline constexpr const char* kLoopbackIsAllowed = "--source-allow-private=127.0.0.0/8,localhost";

// `/photos` is at the origin, all else in testdata.
[[nodiscard]] inline Flags with_photos_at(const std::string& url, const Flags& more = {}) {
  Flags flags = {"--source=" IMAGESERVER_TESTDATA, "--source=/photos=" + url, kLoopbackIsAllowed};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_FLAGS_H_
