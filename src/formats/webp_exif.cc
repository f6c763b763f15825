#include "formats/webp_exif.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/endian.h"

namespace imageserver {
namespace {

// RIFF, size, WEBP; then chunks: name, size, data padded to an even length. Numbers are
// little-endian. The first chunk, VP8X, has a flag for EXIF in the first byte of its data.
constexpr std::size_t kSizeAt = 4;
constexpr std::size_t kFirstChunk = 12;
constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kFlagsAt = kFirstChunk + kChunkHeader;
constexpr unsigned kExifFlag = 0x08;

// Where the last chunk begins; the file's size if there is none.
std::size_t last_chunk(std::string_view webp) {
  std::size_t last = webp.size();
  std::size_t at = kFirstChunk;
  while (at + kChunkHeader <= webp.size()) {
    last = at;
    const std::size_t size = read_little_endian<std::uint32_t>(webp, at + 4);
    at += kChunkHeader + size + size % 2;
  }
  return last;
}

}  // namespace

Bytes without_exif(std::string_view webp) {
  const std::size_t last = last_chunk(webp);
  if (!webp.substr(last).starts_with("EXIF") || last <= kFlagsAt) return Bytes::copy(webp);
  std::string rest(webp.substr(0, last));
  const auto size =
      to_little_endian<std::uint32_t>(static_cast<std::uint32_t>(rest.size() - kChunkHeader));
  rest.replace(kSizeAt, size.size(), size.data(), size.size());
  rest[kFlagsAt] = static_cast<char>(static_cast<unsigned char>(rest[kFlagsAt]) & ~kExifFlag);
  return Bytes::own(std::move(rest));
}

}  // namespace imageserver
