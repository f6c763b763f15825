#include "params/parse_target.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/numbers.h"
#include "base/text.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/percent.h"
#include "params/presets.h"
#include "params/query.h"
#include "params/validate.h"
#include "params/vocabulary.h"

namespace imageserver {
namespace {

template <class T>
std::optional<ParamValue> as_value(const std::optional<T>& parsed) {
  if (!parsed) return std::nullopt;
  return ParamValue(*parsed);
}

// `min_x,min_y|max_x,max_y`.
std::optional<ParamValue> parse_crop(std::string_view text) {
  const auto [least, most] = cut(text, '|');
  const auto [min_x, min_y] = cut(least, ',');
  const auto [max_x, max_y] = cut(most, ',');
  const std::array<std::pair<std::string_view, std::string_view>, 4> sides = {{
      {names::kMaxX, max_x},
      {names::kMaxY, max_y},
      {names::kMinX, min_x},
      {names::kMinY, min_y},
  }};
  Params crop;
  for (const auto& [name, digits] : sides) {
    const std::optional<std::int64_t> number = parse_integer(digits);
    if (!number) return std::nullopt;
    crop.insert(std::string(name), *number);
  }
  return ParamValue(std::move(crop));
}

std::string canonical_format(std::string_view text) {
  if (text == "jpg") return std::string(format_name(Format::kJpeg));
  if (text == "tif") return std::string(format_name(Format::kTiff));
  return std::string(text);
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
      return parse_crop(text);
    case Kind::kFormat:
      return ParamValue(canonical_format(text));
    case Kind::kQuality:
      if (text == names::kAuto) break;
      return as_value(parse_integer(text));
    case Kind::kText:
    case Kind::kPreset:
      break;
  }
  return ParamValue(std::string(text));
}

// What the parameter takes: the rule that its text breaks just as any wrong value would.
Error broken_rule(const KnownParam& known, std::string_view text) {
  Params map;
  map.insert(std::string(known.name), std::string(text));
  if (known.place == Place::kTop) return validate(map).error();
  const std::string_view name = known.place == Place::kResize ? names::kResize : names::kRotate;
  Params top;
  top.insert(std::string(name), std::move(map));
  return validate(top).error();
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
    if (!resize_.empty()) top_.insert(std::string(names::kResize), std::move(resize_));
    if (!rotate_.empty()) top_.insert(std::string(names::kRotate), std::move(rotate_));
    top_.insert(std::string(names::kSource), std::move(source));
    return std::move(top_);
  }

 private:
  std::optional<Error> take(const QueryPair& pair, const TargetRules& rules) {
    if (!pair.readable) {
      if (!rules.strict) return std::nullopt;
      return invalid_param(pair.name, "must hold no semicolon and no broken percent escape");
    }
    const KnownParam* const known = find_known(pair.name);
    if (known != nullptr) return take_known(*known, pair.value, rules);
    if (!rules.strict) return std::nullopt;
    return invalid_param(pair.name, "is not a known parameter");
  }

  std::optional<Error> take_known(const KnownParam& known, std::string_view text,
                                  const TargetRules& rules) {
    if (!is_first(known)) return std::nullopt;
    if (known.kind == Kind::kPreset) {
      preset_ = text;
      return std::nullopt;
    }
    if (rules.presets_only) return invalid_param(known.name, "is not taken here, only preset is");
    if (text.empty()) return std::nullopt;
    std::optional<ParamValue> value = parse_value(known.kind, text);
    if (!value) return broken_rule(known, text);
    map_of(known.place).insert(std::string(known.name), *std::move(value));
    return std::nullopt;
  }

  bool is_first(const KnownParam& known) {
    const auto bit = std::uint64_t{1} << static_cast<unsigned>(&known - vocabulary().data());
    const bool first = (seen_ & bit) == 0;
    seen_ |= bit;
    return first;
  }

  Params& map_of(Place place) {
    if (place == Place::kTop) return top_;
    return place == Place::kResize ? resize_ : rotate_;
  }

  std::uint64_t seen_ = 0;  // a bit for each of the vocabulary
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
  const std::string* const query = rules.presets ? rules.presets->find(name) : nullptr;
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
