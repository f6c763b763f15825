// Three nodes that know each other.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "groupcache/ring.h"
#include "integration/harness/node.h"

namespace imageserver::testing {

class NodeRing {
 public:
  static constexpr std::size_t kNodes = 3;

  // `flags` are for each.
  explicit NodeRing(const Flags& flags = {});

  [[nodiscard]] Node& operator[](std::size_t index) { return *nodes_[index]; }

  // Starts a node that has ended again, where it was.
  void restart(std::size_t index);

  // Who owns what the target asks for.
  [[nodiscard]] std::size_t owner(std::string_view target) const;

  // `path?width=N` with the smallest N from `from` up that `node` owns.
  [[nodiscard]] std::string target_of(std::size_t node, std::string_view path, int from = 1) const;

  // A counter over all nodes, which must all be alive.
  [[nodiscard]] std::uint64_t sum(std::string_view path) const;

 private:
  const Flags flags_;
  std::array<std::shared_ptr<Port>, kNodes> ports_;
  Ring ring_;
  std::array<std::unique_ptr<Node>, kNodes> nodes_;
};

// The key of what the target asks for.
[[nodiscard]] std::string key_of(std::string_view target);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_
