#include "http/entity_tag.h"

#include <algorithm>

namespace imageserver {
namespace {

constexpr std::string_view kBetween = " \t,";

// Takes the next tag off the front of the list, without a `W/`. Empty at the end, and at a fault.
std::string_view next_tag(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(kBetween), list.size()));
  if (list.starts_with("W/")) list.remove_prefix(2);
  if (!list.starts_with('"')) return {};
  const auto close = list.find('"', 1);
  if (close == std::string_view::npos) return {};
  const std::string_view tag = list.substr(0, close + 1);
  list.remove_prefix(tag.size());
  return tag;
}

bool names(std::string_view list, std::string_view etag) {
  if (list == "*") return true;
  for (auto tag = next_tag(list); !tag.empty(); tag = next_tag(list)) {
    if (tag == etag) return true;
  }
  return false;
}

}  // namespace

bool if_none_match(const Request& request, std::string_view etag) {
  bool match = false;
  request.each_value("If-None-Match",
                     [&](std::string_view list) { match = match || names(list, etag); });
  return match;
}

}  // namespace imageserver
