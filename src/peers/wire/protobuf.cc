#include "peers/wire/protobuf.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "base/endian.h"

namespace imageserver {
namespace {

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

constexpr std::uint64_t kValueTag = 1U << 3U | kLengthDelimited;
constexpr std::uint64_t kMinuteQpsTag = 2U << 3U | kFixed64;
constexpr std::size_t kFixed64Bytes = sizeof(std::uint64_t);
constexpr std::size_t kMaxVarintBytes = 10;
constexpr std::size_t kMaxVarint32Bytes = 5;

void append_varint(std::uint64_t number, std::string& out) {
  for (; number >= 128; number >>= 7U) out += static_cast<char>((number & 127U) | 128U);
  out += static_cast<char>(number);
}

// A double travels as the fixed64 of its bits.
void append_double(double number, std::string& out) {
  append_little_endian<std::uint64_t>(out, std::bit_cast<std::uint64_t>(number));
}

double read_double(std::string_view fixed64) {
  return std::bit_cast<double>(read_little_endian<std::uint64_t>(fixed64, 0));
}

std::optional<std::uint64_t> take_varint(std::string_view& rest, std::size_t most_bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < rest.size() && i < most_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    number |= std::uint64_t{byte & 127U} << (7U * i);
    if (byte < 128) {
      rest.remove_prefix(i + 1);
      return number;
    }
  }
  return std::nullopt;
}

// Takes a tag: a field's number, above 0, and its wire type.
std::optional<std::uint64_t> take_tag(std::string_view& rest) {
  const std::optional<std::uint64_t> tag = take_varint(rest, kMaxVarint32Bytes);
  if (!tag || *tag > std::numeric_limits<std::uint32_t>::max() || *tag >> 3U == 0) {
    return std::nullopt;
  }
  return tag;
}

std::optional<std::string_view> take_bytes(std::string_view& rest, std::uint64_t size) {
  if (size > rest.size()) return std::nullopt;
  const std::string_view bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return bytes;
}

std::optional<std::string_view> take_length_delimited(std::string_view& rest) {
  const std::optional<std::uint64_t> length = take_varint(rest, kMaxVarint32Bytes);
  if (!length) return std::nullopt;
  return take_bytes(rest, *length);
}

bool skip(std::uint64_t wire_type, std::string_view& rest) {
  switch (wire_type) {
    case kVarint:
      return take_varint(rest, kMaxVarintBytes).has_value();
    case kFixed64:
      return take_bytes(rest, kFixed64Bytes).has_value();
    case kLengthDelimited:
      return take_length_delimited(rest).has_value();
    case kFixed32:
      return take_bytes(rest, 4).has_value();
    default:
      return false;
  }
}

// Takes the field that follows its tag. False if it is not all there.
bool take_field(std::uint64_t tag, std::string_view& rest, GetResponse& response) {
  if (tag == kValueTag) {
    const std::optional<std::string_view> bytes = take_length_delimited(rest);
    if (bytes) response.value = *bytes;
    return bytes.has_value();
  }
  if (tag == kMinuteQpsTag) {
    const std::optional<std::string_view> bytes = take_bytes(rest, kFixed64Bytes);
    if (bytes) response.minute_qps = read_double(*bytes);
    return bytes.has_value();
  }
  return skip(tag & 7U, rest);
}

}  // namespace

std::string encode_get_response_prefix(std::size_t value_size, std::optional<double> minute_qps) {
  std::string prefix;
  if (minute_qps) {
    append_varint(kMinuteQpsTag, prefix);
    append_double(*minute_qps, prefix);
  }
  append_varint(kValueTag, prefix);
  append_varint(value_size, prefix);
  return prefix;
}

Result<GetResponse> decode_get_response(std::string_view message) {
  GetResponse response;
  while (!message.empty()) {
    const std::optional<std::uint64_t> tag = take_tag(message);
    if (!tag || !take_field(*tag, message, response)) {
      return Error{ErrorKind::kBadRequest, "invalid protobuf message"};
    }
  }
  return response;
}

}  // namespace imageserver
