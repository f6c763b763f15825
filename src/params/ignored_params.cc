#include "params/ignored_params.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "params/parameter_table.h"
#include "params/percent.h"
#include "params/query.h"

namespace imageserver {
namespace {

constexpr std::string_view kMore = "...";

void append_encoded(std::string& list, std::string_view name) {
  list += percent_encode(name.substr(0, kLongestIgnored));
  if (name.size() > kLongestIgnored) list += kMore;
}

// The names for which is_listed(pair) holds.
template <class IsListed>
std::string list_names(std::string_view target, IsListed is_listed) {
  std::vector<std::string> names;
  QueryReader reader(cut(target, '?').second);
  while (const std::optional<QueryPair> pair = reader.next()) {
    if (pair->name.empty() || !is_listed(*pair)) continue;
    if (std::ranges::find(names, pair->name) != names.end()) continue;
    names.emplace_back(pair->name);
    if (names.size() > kMostIgnored) break;
  }
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += ", ";
    if (i < kMostIgnored) {
      append_encoded(list, names[i]);
    } else {
      list += kMore;
    }
  }
  return list;
}

}  // namespace

std::string ignored_params(std::string_view target) {
  return list_names(target, [](const QueryPair& pair) {
    return !pair.readable || find_parameter(pair.name) == nullptr;
  });
}

std::string all_params(std::string_view target) {
  return list_names(target, [](const QueryPair&) { return true; });
}

}  // namespace imageserver
