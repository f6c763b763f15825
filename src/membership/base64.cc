#include "membership/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace imageserver {
namespace {

constexpr std::size_t kGroup = 4;       // digits
constexpr std::size_t kGroupBytes = 3;  // what they stand for

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// `to` holds the text and the null byte that is written after it.
void encode_into(std::string& to, std::string_view bytes) {
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(to.data()), octets(bytes),
                  static_cast<int>(bytes.size()));
}

std::size_t padding_of(std::string_view text) {
  const auto last = text.substr(text.size() - 2);
  return static_cast<std::size_t>(std::ranges::count(last, '='));
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  const std::size_t size = (bytes.size() + kGroupBytes - 1) / kGroupBytes * kGroup;
  std::string text(size + 1, '\0');
  encode_into(text, bytes);
  text.resize(size);
  return text;
}

// OpenSSL takes more spellings than one, and counts the padding as bytes.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty()) return std::string();
  if (text.size() % kGroup != 0) return std::nullopt;
  std::string bytes(text.size() / kGroup * kGroupBytes, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), octets(text),
                                   static_cast<int>(text.size()));
  if (size != static_cast<int>(bytes.size())) return std::nullopt;
  bytes.resize(bytes.size() - padding_of(text));
  if (encode_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace imageserver
