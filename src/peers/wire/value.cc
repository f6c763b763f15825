#include "peers/wire/value.h"

#include <cstdint>
#include <optional>

#include "base/endian.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxName = 256;

using Length = std::uint32_t;

// Takes a length and as many bytes as it says away from the front of `rest`.
std::optional<std::string_view> take_sized(std::string_view& rest, std::size_t limit) {
  if (rest.size() < sizeof(Length)) return std::nullopt;
  const std::size_t length = read_little_endian<Length>(rest, 0);
  rest.remove_prefix(sizeof(Length));
  if (length > limit || length > rest.size()) return std::nullopt;
  const std::string_view bytes = rest.substr(0, length);
  rest.remove_prefix(length);
  return bytes;
}

}  // namespace

std::string encode_value_prefix(Format format, std::size_t data_size) {
  const std::string_view name = format_name(format);
  std::string prefix;
  append_little_endian<Length>(prefix, static_cast<Length>(name.size()));
  prefix += name;
  append_little_endian<Length>(prefix, static_cast<Length>(data_size));
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
