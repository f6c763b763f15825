// Three nodes that are never left alone.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_UNDER_LOAD_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_UNDER_LOAD_H_

#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/crowd.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"

namespace imageserver::testing {

// Whatever tells the nodes of each other, it has done so when this is made. They may take as long
// as they like to leave, and are told twice.
class RingUnderLoad {
 public:
  explicit RingUnderLoad(Introduction introduce, const std::string& host = "127.0.0.1");
  ~RingUnderLoad();

  RingUnderLoad(const RingUnderLoad&) = delete;
  RingUnderLoad& operator=(const RingUnderLoad&) = delete;

  [[nodiscard]] NodeRing& nodes() { return ring_; }
  [[nodiscard]] Crowd& crowd() { return crowd_; }

  // Waits until every node has written that so often to its log.
  [[nodiscard]] bool all_log(std::string_view text, int times);

  // Waits until all see the ring of all three, or, without one, until the others see another.
  [[nodiscard]] bool all_agree();
  [[nodiscard]] bool see_another_ring(std::size_t without);

  // All go on as before.
  void expect_same_ring();

  // As whoever rolls out a new version does it: each is told to leave, nobody sends it anything any
  // more once it says so, it goes, and the next one takes its place.
  void replace_each();

  // The end: no request has failed, every picture is right, and the nodes are sound.
  void expect_no_failure();

  [[nodiscard]] std::vector<std::string> addresses() const;

 private:
  void replace(std::size_t node);

  NodeRing ring_;
  Crowd crowd_;
};

// Waits until the node says that it is leaving.
[[nodiscard]] bool says_it_leaves(const Node& node);

// Tells it twice to leave, so that it does so without delay; the exit code.
int leave_at_once(Node& node);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_UNDER_LOAD_H_
