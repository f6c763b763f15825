#include "image/heif/hevc_sequence.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "image/heif/hevc_bits.h"
#include "image/heif/hevc_references.h"

namespace imageserver {
namespace {

// profile_tier_level().
void skip_profile(HevcBits& bits, unsigned layers) {
  constexpr std::size_t kProfile = 88;
  constexpr std::size_t kLevel = 8;
  bits.skip(kProfile + kLevel);
  std::size_t more = 0;
  for (unsigned i = 0; i < layers; ++i) {
    if (bits.flag()) more += kProfile;
    if (bits.flag()) more += kLevel;
  }
  if (layers > 0) bits.skip(2 * (8 - std::size_t{layers}));
  bits.skip(more);
}

// scaling_list_data().
void skip_scaling_lists(HevcBits& bits) {
  constexpr int kLists = 6;  // of a size of blocks
  for (int size = 0; size < 4; ++size) {
    const int count = std::min(64, 16 << (2 * size));
    for (int list = 0; list < kLists; list += size == 3 ? 3 : 1) {
      const bool is_given = bits.flag();
      bits.skip_exponentials(!is_given ? 1 : size > 1 ? count + 1 : count);
    }
  }
}

// What lies between the size and the sets of references.
void skip_blocks(HevcBits& bits, unsigned layers) {
  const bool every_layer = bits.flag();
  bits.skip_exponentials(3 * (every_layer ? static_cast<int>(layers) + 1 : 1));
  bits.skip_exponentials(6);                                 // sizes and depths of blocks
  if (bits.flag() && bits.flag()) skip_scaling_lists(bits);  // are used, and given
  bits.skip(2);                                              // AMP, SAO
  if (!bits.flag()) return;                                  // PCM
  bits.skip(8);
  bits.skip_exponentials(2);
  bits.skip(1);
}

void skip_long_term_references(HevcBits& bits, std::uint64_t order_bits) {
  constexpr std::uint64_t kMost = 32;
  const std::uint64_t count = std::min(bits.exponential(), kMost);
  bits.skip(static_cast<std::size_t>(count * (order_bits + 1)));
}

// Of vui_parameters() what comes first.
HeifCoding read_coding(HevcBits& bits) {
  constexpr std::uint64_t kOwnAspect = 255;
  if (bits.flag() && bits.number(8) == kOwnAspect) bits.skip(32);
  if (bits.flag()) bits.skip(1);  // overscan
  HeifCoding coding;
  if (!bits.flag()) return coding;
  bits.skip(3);  // PAL, NTSC, ...
  coding.full_range = bits.flag();
  if (!bits.flag()) return coding;
  coding.primaries = static_cast<int>(bits.number(8));
  coding.transfer = static_cast<int>(bits.number(8));
  coding.matrix = static_cast<int>(bits.number(8));
  return coding;
}

// What is behind the size. Not said where that cannot be read.
HeifCoding coding_behind_size(HevcBits& bits, unsigned layers) {
  constexpr std::uint64_t kMostOrderBits = 16;
  if (bits.flag()) bits.skip_exponentials(4);  // the window
  bits.skip_exponentials(2);                   // bits of samples
  const std::uint64_t order_bits = bits.exponential() + 4;
  skip_blocks(bits, layers);
  if (order_bits > kMostOrderBits || !skip_hevc_references(bits)) return {};
  if (bits.flag()) skip_long_term_references(bits, order_bits);
  bits.skip(2);  // motion vectors of other pictures, smoothing
  const HeifCoding coding = bits.flag() ? read_coding(bits) : HeifCoding{};
  return bits.failed() ? HeifCoding{} : coding;
}

}  // namespace

std::optional<HevcSequence> read_hevc_sequence(std::string_view unit) {
  constexpr std::size_t kBeforeLayers = 16 + 4;
  constexpr std::uint64_t kSeparatePlanes = 3;
  HevcBits bits(unit);
  bits.skip(kBeforeLayers);
  const auto layers = static_cast<unsigned>(bits.number(3));
  bits.skip(1);
  skip_profile(bits, layers);
  static_cast<void>(bits.exponential());  // the number of the set
  if (bits.exponential() == kSeparatePlanes) bits.skip(1);
  const std::uint64_t width = bits.exponential();
  const std::uint64_t height = bits.exponential();
  constexpr std::uint64_t kLargest = std::numeric_limits<int>::max();
  if (bits.failed() || width > kLargest || height > kLargest) return std::nullopt;
  return HevcSequence{{static_cast<int>(width), static_cast<int>(height)},
                      coding_behind_size(bits, layers)};
}

}  // namespace imageserver
