#include "formats/iso_boxes.h"

#include <algorithm>

#include "base/endian.h"

namespace imageserver {

// A size of 0 reaches to the end, one of 1 stands behind the type in 8 bytes.
std::optional<IsoBox> take_box(std::string_view& bytes) {
  constexpr std::size_t kHeader = 8;
  constexpr std::size_t kLongHeader = 16;
  if (bytes.size() < kHeader) return std::nullopt;
  std::uint64_t size = decode_big_endian(bytes.substr(0, 4));
  std::size_t header = kHeader;
  if (size == 0) size = bytes.size();
  if (size == 1) {
    header = kLongHeader;
    size = bytes.size() < kLongHeader ? 0 : decode_big_endian(bytes.substr(8, 8));
  }
  if (size < header || size > bytes.size()) return std::nullopt;
  const auto length = static_cast<std::size_t>(size);
  const IsoBox box{bytes.substr(4, 4), bytes.substr(header, length - header)};
  bytes.remove_prefix(length);
  return box;
}

std::string_view content_of(std::string_view boxes, std::string_view type) {
  while (const std::optional<IsoBox> box = take_box(boxes)) {
    if (box->type == type) return box->content;
  }
  return {};
}

std::uint64_t IsoFields::number(std::size_t bytes) { return decode_big_endian(this->bytes(bytes)); }

std::string_view IsoFields::bytes(std::size_t count) {
  if (count > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::string_view IsoFields::text() {
  const std::size_t length = std::min(rest_.find('\0'), rest_.size());
  const std::string_view taken = rest_.substr(0, length);
  rest_.remove_prefix(std::min(length + 1, rest_.size()));
  return taken;
}

}  // namespace imageserver
