// Consistent hashing with the placement of golang/groupcache (consistenthash.go), so that a ring of
// Go nodes and of ours agrees on every owner.

#ifndef IMAGESERVER_GROUPCACHE_RING_H_
#define IMAGESERVER_GROUPCACHE_RING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {

// Immutable. Threads: any.
class Ring {
 public:
  // A node's points on the circle.
  static constexpr int kPoints = 50;

  struct Point {
    std::uint32_t hash;
    std::size_t node;  // index into the names

    friend bool operator==(const Point&, const Point&) = default;
  };

  // Point i of a node is the CRC-32 of decimal(i) + name. Where two collide the node named last has
  // it. REQUIRES: `names` is not empty and holds no name twice.
  explicit Ring(std::vector<std::string> names);

  // The node at the first point at or after the CRC-32 of the key, past the last at the first.
  [[nodiscard]] const std::string& owner(std::string_view key) const;

  // Sorted by hash, each hash once.
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<Point> points_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_RING_H_
