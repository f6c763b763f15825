#include "params/query.h"

#include <utility>

#include "base/text.h"
#include "params/percent.h"

namespace imageserver {
namespace {

// The decoded text: `text` itself if nothing in it is encoded, else a text that is kept in `room`.
// None for a broken escape.
std::optional<std::string_view> decode(std::string_view text, std::string& room) {
  if (text.find_first_of("%+") == std::string_view::npos) return text;
  std::optional<std::string> decoded = percent_decode(text, Plus::kIsSpace);
  if (!decoded) return std::nullopt;
  room = *std::move(decoded);
  return room;
}

}  // namespace

std::optional<QueryPair> QueryReader::next() {
  while (!rest_.empty()) {
    const std::string_view pair = take_until(rest_, '&');
    if (pair.empty()) continue;
    const auto [name, value] = cut(pair, '=');
    const std::optional<std::string_view> decoded_name = decode(name, name_);
    const std::optional<std::string_view> decoded_value = decode(value, value_);
    const bool readable = pair.find(';') == std::string_view::npos && decoded_name && decoded_value;
    if (!readable) return QueryPair{name, value, false};
    return QueryPair{*decoded_name, *decoded_value};
  }
  return std::nullopt;
}

}  // namespace imageserver
