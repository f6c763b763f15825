#include "formats/svg_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/text.h"

namespace imageserver {
namespace {

// What the declaration in front, if there is one, says of the encoding.
bool is_readable_encoding(std::string_view text) {
  constexpr auto kReadable =
      std::to_array<std::string_view>({"utf-8", "us-ascii", "ascii", "iso-8859-1"});
  const std::string declaration = ascii_lower(text.substr(0, text.find("?>")));
  if (declaration.find("<?xml") == std::string::npos) return true;
  const std::size_t at = declaration.find("encoding");
  if (at == std::string::npos) return true;
  const std::size_t open = declaration.find_first_of("'\"", at);
  if (open == std::string::npos) return false;
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string::npos) return false;
  const std::string_view name = std::string_view(declaration).substr(open + 1, close - open - 1);
  return std::ranges::find(kReadable, name) != kReadable.end();
}

// The name of the element that begins behind a `<`, without its namespace.
std::string_view element_name(std::string_view rest) {
  const std::string_view name = rest.substr(0, rest.find_first_of(" \t\r\n/>"));
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_refused_element(std::string_view rest) {
  const std::string_view name = element_name(rest);
  return name == "image" || name == "feImage" || rest.starts_with("!ENTITY");
}

}  // namespace

bool is_svg(std::string_view bytes) {
  constexpr std::size_t kLooked = 1000;
  std::string_view head = bytes.substr(0, kLooked);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || head[first] != '<') return false;
  for (std::size_t at = head.find("<svg"); at != std::string_view::npos;
       at = head.find("<svg", at + 1)) {
    const std::string_view next = head.substr(at + 4, 1);
    if (next.find_first_of(" \t\r\n>") != std::string_view::npos) return true;
  }
  return false;
}

bool svg_stands_alone(std::string_view text) {
  if (!is_readable_encoding(text)) return false;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (is_refused_element(text.substr(at + 1))) return false;
  }
  return true;
}

}  // namespace imageserver
