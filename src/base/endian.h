// Unsigned numbers as runs of bytes, in both byte orders. Threads: free functions, callable from
// any.

#ifndef IMAGESERVER_BASE_ENDIAN_H_
#define IMAGESERVER_BASE_ENDIAN_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace imageserver {

// The number that all of `bytes` spell, the highest byte first; 0 for none.
// REQUIRES: at most 8 bytes.
[[nodiscard]] constexpr std::uint64_t decode_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

// The number that all of `bytes` spell, the lowest byte first; 0 for none.
// REQUIRES: at most 8 bytes.
[[nodiscard]] constexpr std::uint64_t decode_little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

// The number of sizeof(Number) bytes that begins at `at`.
// REQUIRES: all of it lies inside: at + sizeof(Number) <= bytes.size().
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_big_endian(std::string_view bytes, std::size_t at) {
  return static_cast<Number>(decode_big_endian({bytes.data() + at, sizeof(Number)}));
}

// As above.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_little_endian(std::string_view bytes, std::size_t at) {
  return static_cast<Number>(decode_little_endian({bytes.data() + at, sizeof(Number)}));
}

// The bytes of a number, the highest first. Here and below the caller names the type, as it decides
// how many bytes there are.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr std::array<char, sizeof(Number)> to_big_endian(
    std::type_identity_t<Number> number) {
  std::array<char, sizeof(Number)> bytes{};
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes[sizeof(Number) - 1 - i] = static_cast<char>(number >> (8U * i) & 0xFFU);
  }
  return bytes;
}

// The bytes of a number, the lowest first.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr std::array<char, sizeof(Number)> to_little_endian(
    std::type_identity_t<Number> number) {
  std::array<char, sizeof(Number)> bytes{};
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes[i] = static_cast<char>(number >> (8U * i) & 0xFFU);
  }
  return bytes;
}

template <std::unsigned_integral Number>
void append_little_endian(std::string& out, std::type_identity_t<Number> number) {
  const auto bytes = to_little_endian<Number>(number);
  out.append(bytes.data(), bytes.size());
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_ENDIAN_H_
