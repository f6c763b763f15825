// Values as bytes, for the wire between the server and its renderers. A type has one list of its
// fields, each_field() (fields.h), and both directions walk it. Numbers are little-endian.
// Threads: any; an archive is used by one at a time.

#ifndef IMAGESERVER_RENDER_WIRE_ARCHIVE_H_
#define IMAGESERVER_RENDER_WIRE_ARCHIVE_H_

#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/endian.h"

namespace imageserver {

// The last value of an enum whose values begin at 0 and have no gaps.
template <class Enum>
struct LastOf;

// What is longer is no name, message or text of ours.
inline constexpr std::size_t kLongestText = 8192;

template <class T>
concept Number = std::integral<T> && !std::same_as<T, bool>;

template <class T>
concept Enumeration = std::is_enum_v<T>;

class Writer {
 public:
  void operator()(bool value) { bytes_.push_back(value ? '\1' : '\0'); }

  void operator()(Number auto value) {
    using Unsigned = std::make_unsigned_t<decltype(value)>;
    append_little_endian<Unsigned>(bytes_, static_cast<Unsigned>(value));
  }

  void operator()(double value) { (*this)(std::bit_cast<std::uint64_t>(value)); }

  void operator()(Enumeration auto value) { (*this)(static_cast<std::uint8_t>(value)); }

  // REQUIRES: at most kLongestText bytes.
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }

  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }

  template <class T>
    requires std::is_class_v<T>
  void operator()(const T& value) {
    each_field(*this, value);
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Strict: a value has one spelling. Once something is wrong, nothing more is read, and whole() is
// false. What was read until then does not count.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > 1) fail();
    value = byte == 1;
  }

  template <Number T>
  void operator()(T& value) {
    using Unsigned = std::make_unsigned_t<T>;
    const std::string_view bytes = take(sizeof(T));
    if (!failed_) value = static_cast<T>(read_little_endian<Unsigned>(bytes, 0));
  }

  void operator()(double& value) {
    std::uint64_t bits = 0;
    (*this)(bits);
    value = std::bit_cast<double>(bits);
    if (!std::isfinite(value)) fail();
  }

  template <Enumeration T>
  void operator()(T& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > static_cast<std::uint8_t>(LastOf<T>::value)) return fail();
    value = static_cast<T>(byte);
  }

  void operator()(std::string& text) {
    std::uint32_t size = 0;
    (*this)(size);
    if (size > kLongestText) return fail();
    text = take(size);
  }

  template <class T>
  void operator()(std::optional<T>& value) {
    bool there = false;
    (*this)(there);
    value.reset();
    if (there && !failed_) (*this)(value.emplace());
  }

  template <class T>
    requires std::is_class_v<T>
  void operator()(T& value) {
    each_field(*this, value);
  }

  // Everything was read, and nothing was wrong.
  [[nodiscard]] bool whole() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) fail();
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  void fail() { failed_ = true; }

  std::string_view rest_;
  bool failed_ = false;
};

// The bytes of a value.
template <class T>
[[nodiscard]] std::string encoded_value(const T& value) {
  Writer writer;
  writer(value);
  return writer.bytes();
}

// The value with these bytes, all of them; none if there is no such value.
template <class T>
[[nodiscard]] std::optional<T> decoded_value(std::string_view bytes) {
  Reader reader(bytes);
  T value{};
  reader(value);
  return reader.whole() ? std::optional<T>(std::move(value)) : std::nullopt;
}

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_ARCHIVE_H_
