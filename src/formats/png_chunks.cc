#include "formats/png_chunks.h"

#include <cstddef>
#include <cstdint>

#include "base/endian.h"

namespace imageserver {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kAroundData = 12;  // length, type and checksum

// Whether the text of an iTXt chunk is compressed. Its data begin with a keyword, a zero, and the
// flag that says so.
bool is_compressed_text(std::string_view data) {
  const std::size_t end = data.find('\0');
  return end != std::string_view::npos && end + 1 < data.size() && data[end + 1] != '\0';
}

}  // namespace

bool png_has_end(std::string_view bytes) {
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += kAroundData + read_big_endian<std::uint32_t>(bytes, at);
  }
  return false;
}

bool png_header_is_sound(std::string_view bytes) {
  constexpr std::size_t kMostText = 64U << 10U;
  std::size_t text = 0;
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    const std::string_view type = bytes.substr(at + 4, 4);
    const std::uint32_t length = read_big_endian<std::uint32_t>(bytes, at);
    if (type == "zTXt" || (type == "iTXt" && is_compressed_text(bytes.substr(at + 8, length)))) {
      text += length;
    }
    if (text > kMostText) return false;
    const std::size_t next = at + kAroundData + length;
    if (type == "IEND") return true;
    if (next > bytes.size()) return type == "IDAT";
    at = next;
  }
  return true;
}

}  // namespace imageserver
