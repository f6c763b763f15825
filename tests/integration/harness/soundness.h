// What must hold of a node whatever has happened to it, and what it says of its peers.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_SOUNDNESS_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_SOUNDNESS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"

namespace imageserver::testing {

// Waits until the node is quiet. Then its counters add up: Loads >= LoadsDeduped >= LocalLoads +
// LocalLoadErrs.
void expect_counters_add_up(const Node& node);

// What `/stats` counts for a picture in a cache.
[[nodiscard]] std::uint64_t entry_bytes(std::string_view picture);

// Of both caches.
[[nodiscard]] std::uint64_t cached_items(const Node& node);
[[nodiscard]] std::uint64_t cached_bytes(const Node& node);

// The most memory the process has ever held, in MiB.
[[nodiscard]] std::uint64_t peak_megabytes(Node& node);

// A peer as `/peers` of a node shows it.
struct PeerSight {
  std::string state;
  std::string kind;
  std::optional<bool> agrees;
  std::vector<std::string> differs;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::string last_error;
};

// `json`: the answer of `/peers`; `name`: as on the ring.
[[nodiscard]] PeerSight sight_in(const std::string& json, const std::string& name);
[[nodiscard]] PeerSight sight(const Node& node, const std::string& name);

// Waits until the breaker of that peer is so.
[[nodiscard]] bool peer_becomes(const Node& node, const std::string& name,
                                const std::string& state);

// How often the node has written that to its log so far. The log lags behind, until the node has
// ended.
[[nodiscard]] int times_logged(Node& node, std::string_view text);

// Of the ring as the node sees it.
[[nodiscard]] std::string fingerprint(const Node& node);

// The names of the nodes of that ring, sorted.
[[nodiscard]] std::vector<std::string> names_on_ring(const Node& node);

// Renders for comparison: a node of its own that knows no ring.
class Reference {
 public:
  [[nodiscard]] std::string picture(const std::string& target) const;

  // Each is what a lone node makes of its target; of very many a sample is looked at.
  void expect_same(const std::map<std::string, std::string>& pictures) const;

 private:
  const Node node_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_SOUNDNESS_H_
