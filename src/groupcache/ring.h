// Consistent hashing: which node owns a name, and which nodes stand in for the owner.

#ifndef IMAGESERVER_GROUPCACHE_RING_H_
#define IMAGESERVER_GROUPCACHE_RING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imageserver/ring_mode.h"

namespace imageserver {

// A circle of hashes with many points a node. A thing belongs to the node at the first point at or
// after the hash of the thing's own name, past the last point to the first.
//
// kGo is the placement of golang/groupcache (consistenthash.go): 50 points a node, point i is the
// CRC-32 of decimal(i) + name, a thing's hash is the CRC-32 of its name. What is placed are keys.
//
// kBalanced takes the hashes from SHA-256, of whose bits any 64 are as good as random: point i of a
// node is the (i mod 4)th group of 8 bytes, big-endian, of the SHA-256 of name + '#' +
// decimal(i / 4); a thing's hash is the first group of the SHA-256 of its name. What is placed are
// originals, with all that is made of them. With 3072 points a node the largest share stays within
// 1.08 of the mean up to 100 nodes. It is specified for ever and linked anyway; building a ring of
// 100 nodes takes some 40 ms, and only a miss hashes its name. Vectors in the tests pin it: another
// placement would move every picture of a running ring.
//
// The names of nodes are sorted first, so their order does not matter. (Go's does where points
// collide: its last node has them. Here that is the greatest name; a Go node must be given its
// peers sorted.)
//
// Immutable. Threads: any.
class Ring {
 public:
  struct Point {
    std::uint64_t hash;
    std::uint32_t node;  // index into the names

    friend bool operator==(const Point&, const Point&) = default;
  };

  // `settings` is what else all nodes must have alike, as text. REQUIRES: `names` is not empty.
  Ring(RingMode mode, std::vector<std::string> names, std::string settings = {});

  // `name` is what the thing is placed by.
  [[nodiscard]] const std::string& owner(std::string_view name) const;

  // Calls take(node) for each node once, in the order in which nodes answer for the thing called
  // `name`: the owner, then the next nodes on the circle. Stops when `take` returns false.
  template <class Take>
  void walk(std::string_view name, Take take) const {
    std::vector<bool> seen(names_.size());
    std::size_t left = names_.size();
    const std::size_t first = first_point(name);
    // Once around at most: all points of a node may have collided.
    for (std::size_t step = 0; step < points_.size() && left > 0; ++step) {
      const std::uint32_t node = points_[(first + step) % points_.size()].node;
      if (seen[node]) continue;
      seen[node] = true;
      --left;
      if (!take(names_[node])) return;
    }
  }

  // The part of all names that each node owns, in the order of names(); together 1.
  [[nodiscard]] std::vector<double> shares() const;

  // 16 hex digits, equal where the mode, what is placed, the names of the nodes and their settings
  // are equal. Nodes with the same one agree on every owner and make the same pictures.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

  // Sorted by hash, each hash once.
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }

  // Sorted, none twice.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] RingMode mode() const { return mode_; }
  [[nodiscard]] const std::string& settings() const { return settings_; }

 private:
  [[nodiscard]] std::size_t first_point(std::string_view name) const;

  RingMode mode_;
  std::vector<std::string> names_;
  std::string settings_;
  std::vector<Point> points_;
  std::string fingerprint_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_RING_H_
