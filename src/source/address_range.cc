#include "source/address_range.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

using AddressBytes = std::array<std::uint8_t, 16>;

AddressBytes bytes_of(const net::ip::address& address) {
  if (address.is_v6()) return address.to_v6().to_bytes();
  AddressBytes bytes{};
  std::ranges::copy(address.to_v4().to_bytes(), bytes.begin());
  return bytes;
}

unsigned width_of(const net::ip::address& address) { return address.is_v4() ? 32 : 128; }

// The bytes with all bits behind the first `bits` at 0.
AddressBytes first_bits(AddressBytes bytes, unsigned bits) {
  for (std::uint8_t& byte : bytes) {
    const unsigned kept = std::min(bits, 8U);
    byte &= static_cast<std::uint8_t>(0xff00U >> kept);
    bits -= kept;
  }
  return bytes;
}

bool is_address_byte(char c) {
  return is_ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f') || c == ':' ||
         c == '.';
}

std::optional<net::ip::address> parse_address_alone(std::string_view text) {
  if (!std::ranges::all_of(text, is_address_byte)) return std::nullopt;
  error_code error;
  const auto address = net::ip::make_address(text, error);
  if (error || (address.is_v6() && address.to_v6().is_v4_mapped())) return std::nullopt;
  return address;
}

}  // namespace

bool AddressRange::contains(const net::ip::address& address) const {
  return address.is_v4() == is_v4 && first_bits(bytes_of(address), bits) == bytes;
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  const auto [first, length] = cut(text, '/');
  const std::optional<net::ip::address> address = parse_address_alone(first);
  if (!address) return std::nullopt;
  const bool is_alone = first.size() == text.size();
  const auto bits = is_alone ? width_of(*address) : parse_whole<unsigned>(length);
  if (!bits || *bits > width_of(*address)) return std::nullopt;
  const AddressRange range{address->is_v4(), *bits, bytes_of(*address)};
  if (!range.contains(*address)) return std::nullopt;
  return range;
}

}  // namespace imageserver
