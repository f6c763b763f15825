#include "image/heif/hevc_references.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

constexpr std::uint64_t kMostSets = 64;
constexpr std::size_t kMostPictures = 32;           // of a set: 16 before, 16 behind
constexpr std::uint64_t kMostDistance = 1U << 16U;  // from one picture to the next

// How far the pictures of a set are from the one that refers to them: those before it, then those
// behind it, each beginning with the nearest.
using Distances = std::vector<std::int64_t>;

// The distance to the next picture.
std::int64_t read_step(HevcBits& bits) {
  return static_cast<std::int64_t>(std::min(bits.exponential(), kMostDistance)) + 1;
}

Distances read_set(HevcBits& bits) {
  const std::uint64_t before = bits.exponential();
  const std::uint64_t behind = bits.exponential();
  Distances set;
  for (const auto& [count, sign] : {std::pair(before, -1), std::pair(behind, 1)}) {
    std::int64_t at = 0;
    for (std::uint64_t i = 0; i < count && set.size() <= kMostPictures; ++i) {
      at += sign * read_step(bits);
      bits.skip(1);  // whether this very picture needs it
      set.push_back(at);
    }
  }
  return set;
}

// The set that follows `last`, given as pictures of that, and the one that referred to them, moved.
Distances read_moved_set(HevcBits& bits, Distances last) {
  const bool back = bits.flag();
  const std::int64_t step = read_step(bits);
  last.push_back(0);
  Distances set;
  for (const std::int64_t distance : last) {
    const std::int64_t moved = distance + (back ? -step : step);
    const bool stays = bits.flag() || bits.flag();
    if (stays && moved != 0) set.push_back(moved);
  }
  std::ranges::sort(set, {}, [](std::int64_t distance) {
    return std::pair(distance > 0, distance > 0 ? distance : -distance);
  });
  return set;
}

}  // namespace

bool skip_hevc_references(HevcBits& bits) {
  const std::uint64_t count = bits.exponential();
  if (count > kMostSets) return false;
  Distances set;
  for (std::uint64_t i = 0; i < count; ++i) {
    set = i > 0 && bits.flag() ? read_moved_set(bits, std::move(set)) : read_set(bits);
    if (set.size() > kMostPictures) return false;
  }
  return true;
}

}  // namespace imageserver
