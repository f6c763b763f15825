#include "image/heif/hevc_bits.h"

#include <limits>

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

}  // namespace

HevcBits::HevcBits(std::string_view unit) : bytes_(without_stuffing(unit)) {}

std::uint64_t HevcBits::number(unsigned count) {
  std::uint64_t value = 0;
  for (; count > 0; --count) value = value << 1U | next();
  return value;
}

std::uint64_t HevcBits::exponential() {
  unsigned zeros = 0;
  while (!failed() && next() == 0) ++zeros;
  if (zeros > 32) return std::numeric_limits<std::uint64_t>::max();
  return (std::uint64_t{1} << zeros) - 1 + number(zeros);
}

void HevcBits::skip_exponentials(int count) {
  for (; count > 0; --count) static_cast<void>(exponential());
}

unsigned HevcBits::next() {
  const std::size_t byte = at_ / 8;
  const std::size_t bit = at_++ % 8;
  if (byte >= bytes_.size()) return 0;
  return static_cast<unsigned char>(bytes_[byte]) >> (7 - bit) & 1U;
}

}  // namespace imageserver
