#include "membership/peers_text.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.h"

namespace imageserver {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kShownBytes = 80;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Takes what stands before the next separator away, and the separator.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
  return part;
}

Error malformed(std::size_t line, std::string_view name) {
  return membership_error("line " + std::to_string(line) + ": \"" + printable(name, kShownBytes) +
                          "\" is no host:port");
}

// Nothing may stand between two commas, or behind the last.
std::optional<Error> take_names(std::string_view line, std::size_t number,
                                std::vector<std::string>& names) {
  while (!line.empty()) {
    const std::string_view name = trimmed(take_until(line, ','));
    if (name.empty()) continue;
    if (!is_peer_name(name)) return malformed(number, name);
    names.emplace_back(name);
  }
  return std::nullopt;
}

}  // namespace

View parse_peers(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(take_until(text, '\n'));
    if (line.starts_with('#')) continue;
    auto error = take_names(line, number, names);
    if (error) return *std::move(error);
  }
  if (names.empty()) return membership_error("no names");
  return make_view(std::move(names));
}

}  // namespace imageserver
