#include "membership/peers_text.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/printable.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kShownBytes = 80;

Error malformed(std::size_t line, std::string_view name) {
  return membership_error("line " + std::to_string(line) + ": \"" + printable(name, kShownBytes) +
                          "\" is no host:port");
}

// An empty name, between two commas or behind the last, is skipped.
std::optional<Error> take_names(std::string_view line, std::size_t number,
                                std::vector<std::string>& names) {
  while (!line.empty()) {
    const std::string_view name = trimmed(take_until(line, ','), kBlanks);
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
    const std::string_view line = trimmed(take_until(text, '\n'), kBlanks);
    if (line.starts_with('#')) continue;
    auto error = take_names(line, number, names);
    if (error) return *std::move(error);
  }
  if (names.empty()) return membership_error("no names");
  return make_view(std::move(names));
}

}  // namespace imageserver
