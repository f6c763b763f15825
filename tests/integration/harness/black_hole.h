// A server that cannot be connected to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_BLACK_HOLE_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_BLACK_HOLE_H_

#include <list>
#include <string>

#include "base/unique_fd.h"
#include "support/raw_socket.h"

namespace imageserver::testing {

// Somebody listens here, and nobody answers: packets that ask for a connection are dropped, as if
// the cable were cut.
class BlackHole {
 public:
  BlackHole();

  [[nodiscard]] std::string address() const;

 private:
  const RawListener listener_{0};
  std::list<UniqueFd> in_the_way_;  // fill the queue of those who wait to be let in
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_BLACK_HOLE_H_
