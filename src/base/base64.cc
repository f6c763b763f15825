#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace imageserver {
namespace {

constexpr unsigned kBitsADigit = 6;
constexpr unsigned kBitsAByte = 8;
constexpr std::size_t kGroup = 4;  // digits, padding included
constexpr char kPadding = '=';

struct Alphabet {
  std::string_view digits;
  std::array<std::int8_t, 256> values{};  // of each byte as a digit; -1 outside the alphabet
};

constexpr Alphabet make_alphabet(std::string_view digits) {
  Alphabet alphabet{.digits = digits};
  alphabet.values.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    alphabet.values[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  }
  return alphabet;
}

constexpr Alphabet kStandard =
    make_alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr Alphabet kUrl =
    make_alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

std::string encode(std::string_view bytes, const Alphabet& alphabet) {
  std::string text;
  text.reserve((bytes.size() * kBitsAByte + kBitsADigit - 1) / kBitsADigit);
  std::uint32_t bits = 0;  // the lowest `held` of them are still to be written
  unsigned held = 0;
  for (const char byte : bytes) {
    bits = bits << kBitsAByte | static_cast<unsigned char>(byte);
    held += kBitsAByte;
    while (held >= kBitsADigit) {
      held -= kBitsADigit;
      text += alphabet.digits[bits >> held & 63U];
    }
  }
  if (held > 0) text += alphabet.digits[bits << (kBitsADigit - held) & 63U];
  return text;
}

// REQUIRES: the text is without its padding.
std::optional<std::string> decode(std::string_view text, const Alphabet& alphabet) {
  std::string bytes;
  bytes.reserve(text.size() * kBitsADigit / kBitsAByte);
  std::uint32_t bits = 0;  // the lowest `held` of them are not yet part of a byte
  unsigned held = 0;
  for (const char byte : text) {
    const std::int8_t digit = alphabet.values[static_cast<unsigned char>(byte)];
    if (digit < 0) return std::nullopt;
    bits = bits << kBitsADigit | static_cast<std::uint8_t>(digit);
    held += kBitsADigit;
    if (held >= kBitsAByte) {
      held -= kBitsAByte;
      bytes += static_cast<char>(bits >> held & 255U);
    }
  }
  const bool has_spare_digit = held >= kBitsADigit;
  const std::uint32_t left_over = bits & ((1U << held) - 1U);
  if (has_spare_digit || left_over != 0) return std::nullopt;
  return bytes;
}

// What fills a text of that many digits up to whole groups.
std::size_t padding_behind(std::size_t digits) { return (kGroup - digits % kGroup) % kGroup; }

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text = encode(bytes, kStandard);
  text.append(padding_behind(text.size()), kPadding);
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find(kPadding));
  const std::string_view padding = text.substr(digits.size());
  const bool padded = padding.size() == padding_behind(digits.size()) &&
                      std::ranges::all_of(padding, [](char c) { return c == kPadding; });
  return padded ? decode(digits, kStandard) : std::nullopt;
}

std::string encode_base64url(std::string_view bytes) { return encode(bytes, kUrl); }

std::optional<std::string> decode_base64url(std::string_view text) { return decode(text, kUrl); }

}  // namespace imageserver
