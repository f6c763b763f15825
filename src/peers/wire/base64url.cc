#include "peers/wire/base64url.h"

#include <array>
#include <cstdint>

namespace imageserver {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kBitsADigit = 6;
constexpr unsigned kBitsAByte = 8;

constexpr std::array<std::int8_t, 256> make_digits() {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return digits;
}

// What each byte stands for; -1 outside the alphabet.
constexpr std::array<std::int8_t, 256> kDigits = make_digits();

}  // namespace

std::string encode_base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * kBitsAByte + kBitsADigit - 1) / kBitsADigit);
  std::uint32_t bits = 0;  // the lowest `held` of them are still to be written
  unsigned held = 0;
  for (const char byte : bytes) {
    bits = bits << kBitsAByte | static_cast<unsigned char>(byte);
    held += kBitsAByte;
    while (held >= kBitsADigit) {
      held -= kBitsADigit;
      text += kAlphabet[bits >> held & 63U];
    }
  }
  if (held > 0) text += kAlphabet[bits << (kBitsADigit - held) & 63U];
  return text;
}

Result<std::string> decode_base64url(std::string_view text) {
  Error error{ErrorKind::kBadRequest, "invalid base64url"};
  std::string bytes;
  bytes.reserve(text.size() * kBitsADigit / kBitsAByte);
  std::uint32_t bits = 0;  // the lowest `held` of them are not yet part of a byte
  unsigned held = 0;
  for (const char byte : text) {
    const std::int8_t digit = kDigits[static_cast<unsigned char>(byte)];
    if (digit < 0) return error;
    bits = bits << kBitsADigit | static_cast<std::uint8_t>(digit);
    held += kBitsADigit;
    if (held >= kBitsAByte) {
      held -= kBitsAByte;
      bytes += static_cast<char>(bits >> held & 255U);
    }
  }
  const bool has_spare_digit = held >= kBitsADigit;
  const std::uint32_t left_over = bits & ((1U << held) - 1U);
  if (has_spare_digit || left_over != 0) return error;
  return bytes;
}

}  // namespace imageserver
