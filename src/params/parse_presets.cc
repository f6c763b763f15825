#include "params/parse_presets.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/parse_target.h"
#include "params/plain_name.h"
#include "params/query.h"
#include "params/validate.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxPresets = 1024;
constexpr std::string_view kAnyPicture = "/picture?";
constexpr std::string_view kBlanks = " \t\r";

Error broken(std::string rule) { return {ErrorKind::kInvalidParam, std::move(rule)}; }

// Each of these functions returns the error, if there is one.
std::optional<Error> check_names(std::string_view query) {
  std::vector<std::string> names;
  QueryReader reader(query);
  while (const std::optional<QueryPair> pair = reader.next()) {
    if (pair->name == names::kPreset) return invalid_param(pair->name, "must not be in a preset");
    if (std::ranges::find(names, pair->name) != names.end()) {
      return invalid_param(pair->name, "is given twice");
    }
    names.emplace_back(pair->name);
  }
  return std::nullopt;
}

std::optional<Error> check_query(std::string_view query) {
  if (std::optional<Error> error = check_names(query)) return error;
  TargetRules rules;
  rules.strict = true;
  const Result<Params> params = parse_target(std::string(kAnyPicture) + std::string(query), rules);
  if (!params) return params.error();
  const Result<TransformSpec> spec = validate(*params);
  if (!spec) return spec.error();
  return std::nullopt;
}

std::optional<Error> read_line(std::string_view line, Presets::Queries& queries) {
  if (line.empty() || line.starts_with('#')) return std::nullopt;
  const auto [name, query] = cut(line, '=');
  if (name.size() == line.size()) return broken("must be name=query");
  if (!is_plain_name(name)) return broken("the name " + std::string(kPlainNameRule));
  if (std::optional<Error> error = check_query(query)) return error;
  if (!queries.emplace(name, query).second) return broken("the name is given twice");
  if (queries.size() > kMaxPresets) {
    return broken("there must be no more than " + std::to_string(kMaxPresets) + " presets");
  }
  return std::nullopt;
}

}  // namespace

Result<Presets> parse_presets(std::string_view text) {
  Presets::Queries queries;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto [line, rest] = cut(text, '\n');
    const std::optional<Error> error = read_line(trimmed(line, kBlanks), queries);
    if (error) return broken("line " + std::to_string(number) + ": " + error->message);
    text = rest;
  }
  return Presets(std::move(queries));
}

}  // namespace imageserver
