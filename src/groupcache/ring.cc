#include "groupcache/ring.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/endian.h"
#include "base/hash.h"

namespace imageserver {
namespace {

constexpr int kGoPoints = 50;
constexpr int kPointsPerHash = 4;  // groups of 8 bytes in a SHA-256
constexpr int kBalancedHashes = 3072 / kPointsPerHash;

std::uint64_t group_of(const Sha256& hash, int group) {
  const std::string_view bytes(reinterpret_cast<const char*>(hash.data()), hash.size());
  return read_big_endian<std::uint64_t>(bytes, static_cast<std::size_t>(group) * 8);
}

void add_go_points(const std::string& name, std::uint32_t node, std::vector<Ring::Point>& points) {
  for (int i = 0; i < kGoPoints; ++i) {
    points.push_back({crc32_ieee(std::to_string(i) + name), node});
  }
}

void add_balanced_points(const std::string& name, std::uint32_t node,
                         std::vector<Ring::Point>& points) {
  for (int i = 0; i < kBalancedHashes; ++i) {
    const Sha256 hash = sha256(name + '#' + std::to_string(i));
    for (int group = 0; group < kPointsPerHash; ++group) {
      points.push_back({group_of(hash, group), node});
    }
  }
}

std::uint64_t hash_of(RingMode mode, std::string_view name) {
  return mode == RingMode::kGo ? crc32_ieee(name) : group_of(sha256(name), 0);
}

// Size of the circle.
double circumference(RingMode mode) {
  return mode == RingMode::kGo ? 4294967296.0 : 18446744073709551616.0;
}

// The names hold no line feeds, so no two lists share a text. "balanced" alone was the ring that
// placed keys.
std::string fingerprint_of(RingMode mode, const std::vector<std::string>& names,
                           const std::string& settings) {
  std::string text = mode == RingMode::kGo ? "go" : "balanced by original";
  for (const std::string& name : names) text.append("\n").append(name);
  text.append("\n\n").append(settings);
  const Sha256 hash = sha256(text);
  return to_hex(std::span(hash).first(8));
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  return names;
}

}  // namespace

Ring::Ring(RingMode mode, std::vector<std::string> names, std::string settings)
    : mode_(mode),
      names_(sorted(std::move(names))),
      settings_(std::move(settings)),
      fingerprint_(fingerprint_of(mode, names_, settings_)) {
  // Nodes from last to first: a stable sort then leaves, of colliding points, the last node's in
  // front.
  for (std::size_t node = names_.size(); node-- > 0;) {
    const auto add = mode == RingMode::kGo ? add_go_points : add_balanced_points;
    add(names_[node], static_cast<std::uint32_t>(node), points_);
  }
  std::ranges::stable_sort(points_, {}, &Point::hash);
  const auto collided = std::ranges::unique(points_, {}, &Point::hash);
  points_.erase(collided.begin(), collided.end());
}

std::size_t Ring::first_point(std::string_view name) const {
  const auto point = std::ranges::lower_bound(points_, hash_of(mode_, name), {}, &Point::hash);
  return point == points_.end() ? 0 : static_cast<std::size_t>(point - points_.begin());
}

const std::string& Ring::owner(std::string_view name) const {
  return names_[points_[first_point(name)].node];
}

std::vector<double> Ring::shares() const {
  std::vector<double> shares(names_.size());
  const double whole = circumference(mode_);
  // A point owns what lies between the point before it and itself.
  std::uint64_t before = points_.back().hash;
  double around = whole;  // only the first one's stretch goes past the end of the circle
  for (const Point& point : points_) {
    shares[point.node] +=
        (static_cast<double>(point.hash) - static_cast<double>(before) + around) / whole;
    before = point.hash;
    around = 0;
  }
  return shares;
}

}  // namespace imageserver
