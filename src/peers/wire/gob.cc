#include "peers/wire/gob.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/endian.h"

namespace imageserver {
namespace {

// Numbers of types: Go's own, and the first ones that are free.
constexpr std::int64_t kBoolId = 1;
constexpr std::int64_t kIntId = 2;
constexpr std::int64_t kFloatId = 4;
constexpr std::int64_t kStringId = 6;
constexpr std::int64_t kInterfaceId = 8;
constexpr std::int64_t kFirstFreeId = 64;

// Names under which Go registers the types of values in an interface.
constexpr std::string_view kBoolName = "bool";
constexpr std::string_view kIntName = "int";
constexpr std::string_view kInt64Name = "int64";
constexpr std::string_view kFloatName = "float64";
constexpr std::string_view kStringName = "string";
constexpr std::string_view kParamsName = "github.com/pierrre/imageserver.Params";

// Floats travel with their bytes reversed, as most have zeros at the end.
std::uint64_t reversed(std::uint64_t bits) { return __builtin_bswap64(bits); }

// ---- Writing

class Writer {
 public:
  // Below 128 one byte; else the negated count of bytes, then the bytes, big-endian.
  void put_uint(std::uint64_t number) {
    if (number < 128) {
      put_byte(number);
      return;
    }
    const auto count = static_cast<unsigned>(std::bit_width(number) + 7) / 8;
    put_byte(256U - count);
    const auto bytes = to_big_endian<std::uint64_t>(number);
    bytes_.append(bytes.data() + bytes.size() - count, count);
  }

  // The sign goes into the lowest bit.
  void put_int(std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    put_uint(number >= 0 ? bits << 1U : ~bits << 1U | 1U);
  }

  void put_string(std::string_view text) {
    put_uint(text.size());
    bytes_ += text;
  }

  void put_bytes(std::string_view bytes) { bytes_ += bytes; }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void put_byte(std::uint64_t byte) { bytes_ += static_cast<char>(byte); }

  std::string bytes_;
};

// Structs are written as steps from field to field, from -1, and end with a step of 0.
constexpr std::uint64_t kNextField = 1;
constexpr std::uint64_t kEndOfStruct = 0;

// CommonType{Name, Id}, the first field of every definition.
void put_common_type(std::string_view name, std::int64_t id, Writer& out) {
  out.put_uint(kNextField);
  out.put_uint(kNextField);
  out.put_string(name);
  out.put_uint(kNextField);
  out.put_int(id);
  out.put_uint(kEndOfStruct);
}

// type Context struct { Params Params }
std::string context_definition(std::int64_t context_id, std::int64_t params_id) {
  static constexpr std::uint64_t kStepToStruct = 3;
  Writer out;
  out.put_int(-context_id);
  out.put_uint(kStepToStruct);
  put_common_type("Context", context_id, out);
  out.put_uint(kNextField);
  out.put_uint(1);  // fields
  out.put_uint(kNextField);
  out.put_string("Params");
  out.put_uint(kNextField);
  out.put_int(params_id);
  for (int ended = 0; ended < 3; ++ended) out.put_uint(kEndOfStruct);
  return out.bytes();
}

// type Params map[string]interface{}
std::string params_definition(std::int64_t params_id) {
  static constexpr std::uint64_t kStepToMap = 4;
  Writer out;
  out.put_int(-params_id);
  out.put_uint(kStepToMap);
  put_common_type("Params", params_id, out);
  out.put_uint(kNextField);
  out.put_int(kStringId);
  out.put_uint(kNextField);
  out.put_int(kInterfaceId);
  for (int ended = 0; ended < 2; ++ended) out.put_uint(kEndOfStruct);
  return out.bytes();
}

// The two numbers we send, which are those of a fresh Go process.
constexpr std::int64_t kContextId = kFirstFreeId;
constexpr std::int64_t kParamsId = kFirstFreeId + 1;

void put_map(const Params& params, Writer& out);

void put_value(const ParamValue& value, Writer& out) {
  std::visit(
      [&out](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) {
          out.put_uint(held ? 1 : 0);
        } else if constexpr (std::is_same_v<Held, std::int64_t>) {
          out.put_int(held);
        } else if constexpr (std::is_same_v<Held, double>) {
          out.put_uint(reversed(std::bit_cast<std::uint64_t>(held)));
        } else if constexpr (std::is_same_v<Held, std::string>) {
          out.put_string(held);
        } else {
          put_map(held, out);
        }
      },
      value);
}

struct InterfaceType {
  std::string_view name;
  std::int64_t id;
};

// By the place of the type in ParamValue.
constexpr std::array<InterfaceType, std::variant_size_v<ParamValue>> kSentTypes = {{
    {kBoolName, kBoolId},
    {kIntName, kIntId},
    {kFloatName, kFloatId},
    {kStringName, kStringId},
    {kParamsName, kParamsId},
}};

void put_interface(const ParamValue& value, Writer& out) {
  const InterfaceType& type = kSentTypes.at(value.index());
  Writer body;
  body.put_uint(0);  // what is no struct stands behind a step of 0
  put_value(value, body);
  out.put_string(type.name);
  out.put_int(type.id);
  out.put_string(body.bytes());
}

void put_map(const Params& params, Writer& out) {
  out.put_uint(params.entries().size());
  for (const ParamEntry& entry : params.entries()) {
    out.put_string(entry.name);
    put_interface(entry.value, out);
  }
}

std::string context_message(const Params& params) {
  Writer out;
  out.put_int(kContextId);
  out.put_uint(kNextField);
  put_map(params, out);
  out.put_uint(kEndOfStruct);
  return out.bytes();
}

// ---- Reading: each step takes what it reads off the front, or is none.

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  std::optional<std::uint64_t> take_uint() {
    const std::optional<std::uint64_t> first = take_byte();
    if (!first || *first < 128) return first;
    const std::uint64_t count = 256 - *first;
    if (count > sizeof(std::uint64_t) || count > rest_.size()) return std::nullopt;
    const std::uint64_t number = decode_big_endian(rest_.substr(0, count));
    rest_.remove_prefix(count);
    const bool minimal = number >= 128 && number >> (8U * (count - 1)) != 0;
    return minimal ? std::optional(number) : std::nullopt;
  }

  std::optional<std::int64_t> take_int() {
    const std::optional<std::uint64_t> bits = take_uint();
    if (!bits) return std::nullopt;
    const std::uint64_t magnitude = *bits >> 1U;
    return static_cast<std::int64_t>((*bits & 1U) != 0 ? ~magnitude : magnitude);
  }

  std::optional<std::string_view> take_string() {
    const std::optional<std::uint64_t> size = take_uint();
    if (!size || *size > rest_.size()) return std::nullopt;
    const std::string_view text = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return text;
  }

  // Whether the next number is this one.
  bool take_exactly(std::uint64_t number) { return take_uint() == number; }

 private:
  std::optional<std::uint64_t> take_byte() {
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::string_view rest_;
};

struct TypeIds {
  std::int64_t context;
  std::int64_t params;
};

// The number that a message defines; none if it is no definition.
std::optional<std::int64_t> defined_id(std::string_view message) {
  const std::optional<std::int64_t> id = Reader(message).take_int();
  if (!id || *id > -kFirstFreeId || *id == std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return -*id;
}

// There is one way to write a definition, so ours with their numbers must be what they sent.
std::optional<TypeIds> read_definitions(std::string_view first, std::string_view second) {
  const std::optional<std::int64_t> a = defined_id(first);
  const std::optional<std::int64_t> b = defined_id(second);
  if (!a || !b || a == b) return std::nullopt;
  if (first == context_definition(*a, *b) && second == params_definition(*b)) {
    return TypeIds{*a, *b};
  }
  if (first == params_definition(*a) && second == context_definition(*b, *a)) {
    return TypeIds{*b, *a};
  }
  return std::nullopt;
}

class MapReader {
 public:
  explicit MapReader(TypeIds ids) : ids_(ids) {}

  std::optional<Params> take_map(Reader& in) {
    if (depth_ == kMaxGobDepth) return std::nullopt;
    const std::optional<std::uint64_t> count = in.take_uint();
    if (!count || *count > kMaxGobEntries - entries_) return std::nullopt;
    entries_ += *count;
    ++depth_;
    Params params;
    for (std::uint64_t i = 0; i < *count; ++i) {
      if (!take_entry(in, params)) return std::nullopt;
    }
    --depth_;
    return params;
  }

 private:
  bool take_entry(Reader& in, Params& into) {
    const std::optional<std::string_view> name = in.take_string();
    const std::optional<std::string_view> type = name ? in.take_string() : std::nullopt;
    const std::optional<std::int64_t> id = type ? in.take_int() : std::nullopt;
    const std::optional<std::string_view> body = id ? in.take_string() : std::nullopt;
    if (!body) return false;
    Reader inner(*body);
    if (!inner.take_exactly(0)) return false;
    std::optional<ParamValue> value = take_value(*type, *id, inner);
    return value && inner.done() && into.insert(std::string(*name), *std::move(value));
  }

  std::optional<ParamValue> take_value(std::string_view type, std::int64_t id, Reader& in) {
    if (type == kBoolName && id == kBoolId) return take_bool(in);
    if (type == kIntName && id == kIntId) return in.take_int();
    if (type == kInt64Name && id == kIntId) return in.take_int();
    if (type == kFloatName && id == kFloatId) return take_float(in);
    if (type == kStringName && id == kStringId) return take_text(in);
    if (type == kParamsName && id == ids_.params) return take_map(in);
    return std::nullopt;
  }

  static std::optional<ParamValue> take_bool(Reader& in) {
    const std::optional<std::uint64_t> bit = in.take_uint();
    if (!bit || *bit > 1) return std::nullopt;
    return *bit == 1;
  }

  static std::optional<ParamValue> take_float(Reader& in) {
    const std::optional<std::uint64_t> bits = in.take_uint();
    if (!bits) return std::nullopt;
    return std::bit_cast<double>(reversed(*bits));
  }

  static std::optional<ParamValue> take_text(Reader& in) {
    const std::optional<std::string_view> text = in.take_string();
    if (!text) return std::nullopt;
    return std::string(*text);
  }

  TypeIds ids_;
  std::size_t depth_ = 0;
  std::size_t entries_ = 0;
};

std::optional<Params> read_context(std::string_view message, TypeIds ids) {
  Reader in(message);
  if (in.take_int() != ids.context) return std::nullopt;
  const std::optional<std::uint64_t> step = in.take_uint();
  if (step == kEndOfStruct && in.done()) return Params();  // the map is nil
  if (step != kNextField) return std::nullopt;
  std::optional<Params> params = MapReader(ids).take_map(in);
  if (!params || !in.take_exactly(kEndOfStruct) || !in.done()) return std::nullopt;
  return params;
}

Error invalid_context(std::string_view what) {
  return {ErrorKind::kBadRequest, "invalid groupcache context: " + std::string(what)};
}

}  // namespace

std::string encode_gob(const Params& params) {
  Writer out;
  out.put_string(context_definition(kContextId, kParamsId));
  out.put_string(params_definition(kParamsId));
  out.put_string(context_message(params));
  return out.bytes();
}

Result<Params> decode_gob(std::string_view stream) {
  if (stream.size() > kMaxGobBytes) return invalid_context("too long");
  Reader in(stream);
  const std::optional<std::string_view> first = in.take_string();
  const std::optional<std::string_view> second = first ? in.take_string() : std::nullopt;
  const std::optional<std::string_view> third = second ? in.take_string() : std::nullopt;
  if (!third || !in.done()) return invalid_context("must be three messages");
  const std::optional<TypeIds> ids = read_definitions(*first, *second);
  if (!ids) return invalid_context("unknown types");
  std::optional<Params> params = read_context(*third, *ids);
  if (!params) return invalid_context("malformed params");
  return *std::move(params);
}

}  // namespace imageserver
