// Three nodes that know each other.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/ring.h"
#include "integration/harness/node.h"

namespace imageserver::testing {

// How nodes learn of each other: the flags of one, given the addresses of all. The address at
// `self` is its own.
using Introduction =
    std::function<Flags(const std::vector<std::string>& addresses, std::size_t self)>;

// `--groupcache-peers`, with the names of the others.
[[nodiscard]] Flags introduced_by_flag(const std::vector<std::string>& addresses, std::size_t self);

class NodeRing {
 public:
  static constexpr std::size_t kNodes = 3;

  // `flags` are for each; `--groupcache-ring=go` among them is heeded by owner() too. `host` is a
  // name of the loopback, and what the ring calls the nodes.
  explicit NodeRing(const Flags& flags = {}, Introduction introduce = introduced_by_flag,
                    const std::string& host = "127.0.0.1");

  [[nodiscard]] Node& operator[](std::size_t index) { return *nodes_[index]; }

  // `host:port`, as flags and lists of peers write it.
  [[nodiscard]] const std::string& address(std::size_t index) const { return addresses_[index]; }

  // As the ring calls it.
  [[nodiscard]] std::string name(std::size_t index) const { return "http://" + addresses_[index]; }

  // Sorted, as the ring calls them.
  [[nodiscard]] const std::vector<std::string>& names() const { return ring_.names(); }

  // Starts a node that has ended again, where it was.
  void restart(std::size_t index);

  // Who owns what the target asks for.
  [[nodiscard]] std::size_t owner(std::string_view target) const;

  // Who owns the original of that canonical name, and all that is made of it. REQUIRES: no Go ring.
  [[nodiscard]] std::size_t owner_of_original(std::string_view name) const;

  // The nodes in the order in which they answer for it, the owner first.
  [[nodiscard]] std::vector<std::size_t> succession(std::string_view target) const;

  // `path?width=N` (or `path&width=N`, where the path has a query) with the smallest N from `from`
  // up that `node` owns. In the balanced ring all sizes of an original have one owner: there N is
  // `from`, and the original goes by one of its names that `node` owns (spelled).
  [[nodiscard]] std::string target_of(std::size_t node, std::string_view path, int from = 1) const;

  // The first `count` of these, from N = `from` up.
  [[nodiscard]] std::vector<std::string> targets_of(std::size_t node, std::string_view path,
                                                    std::size_t count, int from = 1) const;

  // A counter over all nodes, which must all be alive.
  [[nodiscard]] std::uint64_t sum(std::string_view path) const;

 private:
  // Those of the path (spelled) that the node owns.
  [[nodiscard]] std::vector<std::string> spellings_of(std::size_t node,
                                                      std::string_view path) const;
  [[nodiscard]] std::size_t index_of(const std::string& name) const;

  const Flags flags_;
  const Introduction introduce_;
  std::array<std::shared_ptr<Port>, kNodes> ports_;
  std::vector<std::string> addresses_;
  Ring ring_;
  std::array<std::unique_ptr<Node>, kNodes> nodes_;
};

// The key of what the target asks for.
[[nodiscard]] std::string key_of(std::string_view target);

// The name of the node that owns what the target asks for.
[[nodiscard]] std::string owner_on(const Ring& ring, std::string_view target);

// One file goes by many names, each of which is an original of its own to the ring: `again/`, a
// symbolic link to the directory itself, goes before the path so often. testdata has such a link,
// and link_again() makes one.
inline constexpr int kSpellings = 32;
[[nodiscard]] std::string spelled(std::string_view path, int links);
void link_again(const std::filesystem::path& directory);

// `PATH?width=N` for N from 1 up, of two files by another of their spellings for each: all nodes
// own some.
[[nodiscard]] std::string spread_target(int width);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_RING_H_
