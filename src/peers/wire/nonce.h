// Nonces: what makes each signature one of its own.

#ifndef IMAGESERVER_PEERS_WIRE_NONCE_H_
#define IMAGESERVER_PEERS_WIRE_NONCE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

// The length of the text of every nonce.
inline constexpr std::size_t kNonceText = 32;

struct Nonce {
  // Random: no two streams have the same.
  using Stream = std::array<char, 16>;

  Stream stream{};
  std::uint64_t number = 0;  // the place in the stream
  bool counted = false;      // false: random as a whole, a stream of its own

  friend bool operator==(const Nonce&, const Nonce&) = default;
};

// Gives nonces: a stream is made anew each time a node starts, for each peer that it speaks to, and
// is counted from 0. So all that a receiver needs to remember of a nonce is one bit.
//
// Threads: any, concurrently.
class NonceStream {
 public:
  // Throws std::runtime_error if the system has no random numbers.
  NonceStream();

  // The text of the next nonce: base64url of the stream and of the number (8 bytes, big-endian).
  [[nodiscard]] std::string next();

 private:
  const Nonce::Stream stream_;
  std::atomic<std::uint64_t> number_ = 0;
};

// Reads what NonceStream::next() writes, with numbers below 2^56, and what nodes before it wrote:
// 16 random bytes as 32 hexadecimal digits in lower case. No text is both. None for any other text.
[[nodiscard]] std::optional<Nonce> parse_nonce(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_NONCE_H_
