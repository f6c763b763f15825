#include "formats/svg_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/text.h"

namespace imageserver {
namespace {

constexpr auto kOneByte =
    std::to_array<std::string_view>({"utf-8", "us-ascii", "ascii", "iso-8859-1"});
constexpr auto kTwoBytes = std::to_array<std::string_view>({"utf-16"});

// Whether the declaration in front, if there is one, says no other encoding than these.
bool says_encoding_of(std::span<const std::string_view> names, std::string_view text) {
  const std::string declaration = ascii_lower(text.substr(0, text.find("?>")));
  if (declaration.find("<?xml") == std::string::npos) return true;
  const std::size_t at = declaration.find("encoding");
  if (at == std::string::npos) return true;
  const std::size_t open = declaration.find_first_of("'\"", at);
  if (open == std::string::npos) return false;
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string::npos) return false;
  const std::string_view name = std::string_view(declaration).substr(open + 1, close - open - 1);
  return std::ranges::find(names, name) != names.end();
}

constexpr std::string_view kNameEnds = " \t\r\n/>";

// The name of the element that begins behind a `<`, without its namespace.
std::string_view element_name(std::string_view rest) {
  const std::string_view name = rest.substr(0, rest.find_first_of(kNameEnds));
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_refused_element(std::string_view rest) {
  const std::string_view name = element_name(rest);
  return name == "image" || name == "feImage" || rest.starts_with("!ENTITY");
}

bool has_no_refused_element(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (is_refused_element(text.substr(at + 1))) return false;
  }
  return true;
}

constexpr std::string_view kBlanks = " \t\r\n";

// What follows the first `end`; empty if there is none.
std::string_view behind(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + end.size());
}

// Steps over a document type, to behind its `>`. What stands in quotes, in comments and in
// instructions is no end, and neither is a `>` within the brackets of what it declares.
std::string_view behind_doctype(std::string_view text) {
  bool in_brackets = false;
  while (!text.empty()) {
    if (text.starts_with("<!--")) {
      text = behind(text.substr(4), "-->");
    } else if (text.starts_with("<?")) {
      text = behind(text, "?>");
    } else if (text.front() == '"' || text.front() == '\'') {
      text = behind(text.substr(1), text.substr(0, 1));
    } else {
      if (text.front() == '>' && !in_brackets) return text.substr(1);
      if (text.front() == '[') in_brackets = true;
      if (text.front() == ']') in_brackets = false;
      text.remove_prefix(1);
    }
  }
  return {};
}

// The name of the root element, without its namespace; empty if none comes.
std::string_view root_of(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.starts_with("<?")) {
      text = behind(text, "?>");
    } else if (text.starts_with("<!--")) {
      text = behind(text.substr(4), "-->");
    } else if (text.starts_with("<!DOCTYPE")) {
      text = behind_doctype(text);
    } else {
      const bool has_name = text.starts_with('<') && text.find_first_of(kNameEnds) < text.size();
      return has_name ? element_name(text.substr(1)) : std::string_view();
    }
  }
}

bool begins_with_svg(std::string_view text) { return root_of(text) == "svg"; }

enum class ByteOrder { kBig, kLittle };

// The byte order of text in UTF-16 that begins with a byte order mark; none for any other text.
std::optional<ByteOrder> utf16_order(std::string_view bytes) {
  if (bytes.starts_with("\xFE\xFF")) return ByteOrder::kBig;
  if (bytes.starts_with("\xFF\xFE")) return ByteOrder::kLittle;
  return std::nullopt;
}

// The text with a `?` for each unit that is not ASCII: no name that is looked for has one.
std::string ascii_of(std::string_view bytes, ByteOrder order) {
  constexpr unsigned kAscii = 0x80;
  const std::size_t high = order == ByteOrder::kBig ? 0 : 1;
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 2; at + 1 < bytes.size(); at += 2) {
    const auto low = static_cast<unsigned char>(bytes[at + 1 - high]);
    text.push_back(bytes[at + high] == 0 && low < kAscii ? static_cast<char>(low) : '?');
  }
  return text;
}

}  // namespace

bool is_svg(std::string_view bytes) {
  if (const auto order = utf16_order(bytes)) return begins_with_svg(ascii_of(bytes, *order));
  return begins_with_svg(bytes);
}

bool svg_stands_alone(std::string_view bytes) {
  if (const auto order = utf16_order(bytes)) {
    const std::string text = ascii_of(bytes, *order);
    return says_encoding_of(kTwoBytes, text) && has_no_refused_element(text);
  }
  return says_encoding_of(kOneByte, bytes) && has_no_refused_element(bytes);
}

}  // namespace imageserver
