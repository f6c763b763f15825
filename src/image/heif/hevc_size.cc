#include "image/heif/hevc_size.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace imageserver {
namespace {

// A unit without the bytes that keep start codes out of it: a 3 behind two zeros.
std::string without_stuffing(std::string_view unit) {
  std::string bytes;
  int zeros = 0;
  for (const char byte : unit) {
    const bool is_stuffing = zeros >= 2 && byte == 3;
    zeros = byte == 0 ? zeros + 1 : 0;
    if (!is_stuffing) bytes += byte;
  }
  return bytes;
}

class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}

  // REQUIRES: count <= 32.
  std::uint64_t number(unsigned count) {
    std::uint64_t value = 0;
    for (; count > 0; --count) value = value << 1U | next();
    return value;
  }

  void skip(std::size_t count) { at_ += count; }

  // ue(v): as many zeros as bits follow the next one.
  std::uint64_t exponential() {
    unsigned zeros = 0;
    while (!failed() && next() == 0) ++zeros;
    if (zeros > 32) return std::numeric_limits<std::uint64_t>::max();
    return (std::uint64_t{1} << zeros) - 1 + number(zeros);
  }

  [[nodiscard]] bool failed() const { return at_ > bytes_.size() * 8; }

 private:
  unsigned next() {
    const std::size_t byte = at_ / 8;
    const std::size_t bit = at_++ % 8;
    if (byte >= bytes_.size()) return 0;
    return static_cast<unsigned char>(bytes_[byte]) >> (7 - bit) & 1U;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

// profile_tier_level().
void skip_profile(Bits& bits, unsigned layers) {
  constexpr std::size_t kProfile = 88;
  constexpr std::size_t kLevel = 8;
  bits.skip(kProfile + kLevel);
  std::size_t more = 0;
  for (unsigned i = 0; i < layers; ++i) {
    if (bits.number(1) != 0) more += kProfile;
    if (bits.number(1) != 0) more += kLevel;
  }
  if (layers > 0) bits.skip(2 * (8 - std::size_t{layers}));
  bits.skip(more);
}

}  // namespace

std::optional<Size> hevc_size(std::string_view unit) {
  constexpr std::size_t kBeforeLayers = 16 + 4;
  constexpr std::uint64_t kSeparatePlanes = 3;
  const std::string bytes = without_stuffing(unit);
  Bits bits(bytes);
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
  return Size{static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace imageserver
