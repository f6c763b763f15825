#include "source/cache_control.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "http/token.h"

namespace imageserver {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kBetween = " \t,";  // an element of a list may be empty

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

std::string_view take_token(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_token_char);
  const std::string_view token(text.begin(), end);
  text.remove_prefix(token.size());
  return token;
}

// None if the quotes are not closed. REQUIRES: a quote in front.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string content;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return content;
    }
    if (text[at] == '\\') ++at;
    if (at < text.size()) content += text[at];
  }
  return std::nullopt;
}

std::optional<std::string> take_argument(std::string_view& text) {
  if (!text.starts_with('=')) return std::string();
  text.remove_prefix(1);
  if (text.starts_with('"')) return take_quoted(text);
  return std::string(take_token(text));
}

// Stops in front of the comma behind it.
std::optional<CacheDirective> take_directive(std::string_view& text) {
  const std::string_view name = take_token(text);
  std::optional<std::string> argument = take_argument(text);
  skip(text, kBlanks);
  const bool is_whole = text.empty() || text.starts_with(',');
  if (name.empty() || !argument || !is_whole) return std::nullopt;
  return CacheDirective{.name = ascii_lower(name), .argument = *std::move(argument)};
}

}  // namespace

std::optional<std::vector<CacheDirective>> parse_cache_control(std::string_view line) {
  std::vector<CacheDirective> directives;
  for (skip(line, kBetween); !line.empty(); skip(line, kBetween)) {
    std::optional<CacheDirective> directive = take_directive(line);
    if (!directive) return std::nullopt;
    directives.push_back(*std::move(directive));
  }
  return directives;
}

}  // namespace imageserver
