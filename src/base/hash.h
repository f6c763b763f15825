// Digests. Threads: free functions, callable from any.

#ifndef IMAGESERVER_BASE_HASH_H_
#define IMAGESERVER_BASE_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace imageserver {

using Sha256 = std::array<unsigned char, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

// The same of bytes that come piece by piece. Threads: one at a time.
class Sha256Stream {
 public:
  // Throws std::bad_alloc.
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  // Throws nothing.
  void update(std::string_view bytes);

  // Of all that came. To be called once.
  [[nodiscard]] Sha256 finish();

 private:
  struct Context;
  const std::unique_ptr<Context> context_;
};

// HMAC (RFC 2104) with SHA-256.
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

// Compares two texts in a time that does not tell where they differ, so that nobody can guess one
// of them byte by byte.
[[nodiscard]] bool same_in_constant_time(std::string_view a, std::string_view b);

// CRC-32 as in IEEE 802.3 (zlib's, and Go's crc32.ChecksumIEEE).
[[nodiscard]] std::uint32_t crc32_ieee(std::string_view bytes);

// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_HASH_H_
