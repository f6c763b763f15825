#include "params/parse_target.h"

#include <bitset>
#include <cstdint>
#include <utility>

#include "base/numbers.h"
#include "base/text.h"
#include "params/crop.h"
#include "params/draft.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/parameter_table.h"
#include "params/percent.h"
#include "params/presets.h"
#include "params/query.h"

namespace imageserver {
namespace {

template <class T>
std::optional<ParamValue> as_value(const std::optional<T>& parsed) {
  if (!parsed) return std::nullopt;
  return ParamValue(*parsed);
}

std::string canonical_format(std::string_view text) {
  return std::string(format_name_of_alias(text));
}

// None if the text is not of that kind.
std::optional<ParamValue> parse_value(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::kInteger:
      return as_value(parse_integer(text));
    case Kind::kNumber:
      return as_value(parse_number(text));
    case Kind::kBoolean:
      return as_value(parse_boolean(text));
    case Kind::kCrop:
      return as_value(parse_crop(text));
    case Kind::kFormat:
      return ParamValue(canonical_format(text));
    case Kind::kQuality:
      if (text == names::kAuto) break;
      return as_value(parse_integer(text));
    case Kind::kChoice:
    case Kind::kGravity:
    case Kind::kColour:
    case Kind::kName:
    case Kind::kPreset:
      break;
  }
  return ParamValue(std::string(text));
}

// The rule that the text breaks, as any wrong value of the parameter would.
Error broken_rule(const Parameter& parameter, std::string_view text) {
  Draft draft;
  const ParamEntry entry{std::string(parameter.name), std::string(text)};
  return *parameter.take(parameter, entry, draft);
}

// Collects what queries say; of a name that comes again, in the same or in a later one, the first
// counts.
class Collector {
 public:
  // The error, if there is one.
  std::optional<Error> read(std::string_view query, const TargetRules& rules) {
    QueryReader reader(query);
    while (const std::optional<QueryPair> pair = reader.next()) {
      if (std::optional<Error> error = take(*pair, rules)) return error;
    }
    return std::nullopt;
  }

  // The name of the preset; empty if there is none.
  [[nodiscard]] const std::string& preset() const { return preset_; }

  [[nodiscard]] Params finish(std::string source) && {
    if (!resize_.empty()) top_.insert(std::string(map_name(Place::kResize)), std::move(resize_));
    if (!rotate_.empty()) top_.insert(std::string(map_name(Place::kRotate)), std::move(rotate_));
    top_.insert(std::string(names::kSource), std::move(source));
    return std::move(top_);
  }

 private:
  std::optional<Error> take(const QueryPair& pair, const TargetRules& rules) {
    if (!pair.readable) {
      if (!rules.strict) return std::nullopt;
      return invalid_param(pair.name, "must hold no semicolon and no broken percent escape");
    }
    const Parameter* const parameter = find_parameter(pair.name);
    if (parameter != nullptr) return take_known(*parameter, pair.value, rules);
    if (!rules.strict) return std::nullopt;
    return invalid_param(pair.name, "is not a known parameter");
  }

  std::optional<Error> take_known(const Parameter& parameter, std::string_view text,
                                  const TargetRules& rules) {
    if (!is_first(parameter)) return std::nullopt;
    if (parameter.kind == Kind::kPreset) {
      preset_ = text;
      return std::nullopt;
    }
    if (rules.presets_only)
      return invalid_param(parameter.name, "is not taken here, only preset is");
    if (text.empty()) return std::nullopt;
    std::optional<ParamValue> value = parse_value(parameter.kind, text);
    if (!value) return broken_rule(parameter, text);
    map_of(parameter.place).insert(std::string(parameter.name), *std::move(value));
    return std::nullopt;
  }

  bool is_first(const Parameter& parameter) {
    const auto row = static_cast<std::size_t>(&parameter - parameters().data());
    const bool first = !seen_[row];
    seen_.set(row);
    return first;
  }

  Params& map_of(Place place) {
    if (place == Place::kTop) return top_;
    return place == Place::kResize ? resize_ : rotate_;
  }

  std::bitset<kMaxParameters> seen_;  // a bit for each row of the table
  std::string preset_;
  Params top_;
  Params resize_;
  Params rotate_;
};

std::optional<Error> expand_preset(Collector& collector, const TargetRules& rules) {
  const std::string& name = collector.preset();
  if (name.empty()) {
    if (!rules.presets_only) return std::nullopt;
    return invalid_param(names::kPreset, "must be given");
  }
  if (!rules.presets) {
    return invalid_param(names::kPreset, "this server has no presets (--presets)");
  }
  const std::string* const query = rules.presets->find(name);
  if (query == nullptr) return invalid_param(names::kPreset, "must be the name of a preset");
  return collector.read(*query, {});
}

}  // namespace

Result<Params> parse_target(std::string_view target, const TargetRules& rules) {
  const auto [path, query] = cut(target, '?');
  std::optional<std::string> source;
  if (path.starts_with('/')) source = percent_decode(path.substr(1), Plus::kIsPlus);
  if (!source) {
    return Error{ErrorKind::kBadRequest,
                 "invalid path: must begin with / and hold no broken percent escape"};
  }
  Collector collector;
  if (std::optional<Error> error = collector.read(query, rules)) return *std::move(error);
  if (std::optional<Error> error = expand_preset(collector, rules)) return *std::move(error);
  return std::move(collector).finish(*std::move(source));
}

}  // namespace imageserver
