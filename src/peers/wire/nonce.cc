#include "peers/wire/nonce.h"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

#include "base/base64.h"
#include "base/endian.h"
#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::size_t kStreamBytes = Nonce::Stream().size();
constexpr std::size_t kNumberBytes = sizeof(std::uint64_t);

Nonce::Stream random_stream() {
  std::array<unsigned char, kStreamBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("no random numbers");
  }
  Nonce::Stream stream;
  std::ranges::transform(bytes, stream.begin(),
                         [](unsigned char byte) { return static_cast<char>(byte); });
  return stream;
}

bool is_lower_hex(char c) { return is_ascii_digit(c) || (c >= 'a' && c <= 'f'); }

Nonce random_nonce(std::string_view digits) {
  Nonce nonce;
  for (std::size_t i = 0; i < kStreamBytes; ++i) {
    nonce.stream.at(i) = static_cast<char>(*parse_whole_hex<unsigned>(digits.substr(2 * i, 2)));
  }
  return nonce;
}

// The highest byte of a number is 0, so the text has one of A to D behind the stream, where the
// text of a random nonce has a digit or a small letter.
std::optional<Nonce> counted_nonce(std::string_view text) {
  const std::optional<std::string> bytes = decode_base64url(text);
  if (!bytes || bytes->size() != kStreamBytes + kNumberBytes || (*bytes)[kStreamBytes] != '\0') {
    return std::nullopt;
  }
  Nonce nonce;
  std::copy_n(bytes->begin(), kStreamBytes, nonce.stream.begin());
  nonce.number = read_big_endian<std::uint64_t>(*bytes, kStreamBytes);
  nonce.counted = true;
  return nonce;
}

}  // namespace

NonceStream::NonceStream() : stream_(random_stream()) {}

std::string NonceStream::next() {
  const auto number = to_big_endian<std::uint64_t>(number_.fetch_add(1, std::memory_order_relaxed));
  std::string bytes(stream_.begin(), stream_.end());
  bytes.append(number.begin(), number.end());
  return encode_base64url(bytes);
}

std::optional<Nonce> parse_nonce(std::string_view text) {
  if (text.size() != kNonceText) return std::nullopt;
  if (std::ranges::all_of(text, is_lower_hex)) return random_nonce(text);
  return counted_nonce(text);
}

}  // namespace imageserver
