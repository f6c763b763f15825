#include "peers/wire/value.h"

#include <cstdint>
#include <optional>

namespace imageserver {
namespace {

constexpr std::size_t kMaxName = 256;
constexpr std::size_t kLengthBytes = 4;

void append_length(std::size_t length, std::string& out) {
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    out += static_cast<char>(length >> (8U * i) & 255U);
  }
}

// Takes a length and as many bytes as it says away from the front of `rest`.
std::optional<std::string_view> take_sized(std::string_view& rest, std::size_t limit) {
  if (rest.size() < kLengthBytes) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::size_t{static_cast<unsigned char>(rest[i])} << (8U * i);
  }
  rest.remove_prefix(kLengthBytes);
  if (length > limit || length > rest.size()) return std::nullopt;
  const std::string_view bytes = rest.substr(0, length);
  rest.remove_prefix(length);
  return bytes;
}

}  // namespace

std::string encode_value_prefix(Format format, std::size_t data_size) {
  const std::string_view name = format_name(format);
  std::string prefix;
  append_length(name.size(), prefix);
  prefix += name;
  append_length(data_size, prefix);
  return prefix;
}

Result<ValueView> decode_value(std::string_view value) {
  const std::optional<std::string_view> name = take_sized(value, kMaxName);
  if (!name) return Error{ErrorKind::kBadRequest, "invalid value: length of the format"};
  const std::optional<Format> format = format_from_name(*name);
  if (!format) return Error{ErrorKind::kBadRequest, "invalid value: unknown format"};
  const std::optional<std::string_view> data = take_sized(value, kMaxValueData);
  if (!data) return Error{ErrorKind::kBadRequest, "invalid value: length of the data"};
  if (!value.empty()) return Error{ErrorKind::kBadRequest, "invalid value: bytes after the data"};
  return ValueView{*format, *data};
}

}  // namespace imageserver
