#include "params/validate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "params/accepted_formats.h"
#include "params/checks.h"
#include "params/choice.h"
#include "params/draft.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/no_such_picture.h"
#include "params/parameter_table.h"
#include "params/size_limits.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxSourceName = 1024;

bool can_be_a_file(std::string_view source) {
  return source.size() <= kMaxSourceName && source.find('\\') == std::string_view::npos &&
         source.find('\0') == std::string_view::npos && is_plain_path(source);
}

Verdict take_source(const ParamEntry& entry, Draft& draft) {
  const auto* source = std::get_if<std::string>(&entry.value);
  if (source != nullptr && !can_be_a_file(*source)) return no_such_picture();
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  draft.spec.source = *text;
  return std::nullopt;
}

Verdict take_accept(const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> name = plain_string(entry);
  if (!name) return name.error();
  draft.accepted = find_choice<kAcceptClasses>(*name);
  if (draft.accepted) return std::nullopt;
  return invalid_param(entry.name, one_of(kNamesOf<kAcceptClasses>));
}

Verdict take_all(Place place, const Params& params, Draft& draft);

template <Place kPlace>
Verdict take_map(const ParamEntry& entry, Draft& draft) {
  const auto* const map = std::get_if<Params>(&entry.value);
  if (map == nullptr) return invalid_param(entry.name, "must be a map");
  return take_all(kPlace, *map, draft);
}

// An entry that no query can name.
struct OwnEntry {
  std::string_view name;
  Verdict (*take)(const ParamEntry& entry, Draft& draft);
};

constexpr auto kOwnEntries = std::to_array<OwnEntry>({
    {names::kSource, take_source},
    {names::kAccept, take_accept},
    {names::kResize, take_map<Place::kResize>},
    {names::kRotate, take_map<Place::kRotate>},
});

Verdict take_entry(Place place, const ParamEntry& entry, Draft& draft) {
  if (place == Place::kTop) {
    const auto* const own = std::ranges::find(kOwnEntries, entry.name, &OwnEntry::name);
    if (own != kOwnEntries.end()) return own->take(entry, draft);
  }
  const Parameter* const parameter = find_parameter(entry.name);
  if (parameter == nullptr || parameter->place != place) {
    return invalid_param(entry.name, "is not a known parameter");
  }
  return parameter->take(*parameter, entry, draft);
}

Verdict take_all(Place place, const Params& params, Draft& draft) {
  for (const ParamEntry& entry : params.entries()) {
    if (Verdict error = take_entry(place, entry, draft)) return error;
  }
  return std::nullopt;
}

// A side as it comes out; 0 stays free, and nothing else becomes nothing.
std::int64_t scaled(int side, double dpr) {
  if (side == 0) return 0;
  return std::max<std::int64_t>(std::llround(side * dpr), 1);
}

Verdict check_scaled_side(std::string_view name, std::int64_t side) {
  if (side <= kMaxOutputSide) return std::nullopt;
  return invalid_param(names::kDpr, "times " + std::string(name) +
                                        " must be less than or equal to " +
                                        std::to_string(kMaxOutputSide));
}

Verdict check_size(const TransformSpec& spec) {
  const std::int64_t width = scaled(spec.width, spec.dpr);
  const std::int64_t height = scaled(spec.height, spec.dpr);
  if (Verdict error = check_scaled_side(names::kWidth, width)) return error;
  if (Verdict error = check_scaled_side(names::kHeight, height)) return error;
  if (width * height <= kMaxOutputPixels) return std::nullopt;
  const std::string both = spec.dpr == 1 ? "times height" : "times height, both times dpr,";
  return invalid_param(names::kWidth,
                       both + " must be less than or equal to " + std::to_string(kMaxOutputPixels));
}

Verdict settle_format(Draft& draft) {
  if (draft.auto_format) {
    draft.spec.auto_format = draft.accepted.value_or(AutoFormat{});
  } else if (draft.accepted) {
    return invalid_param(names::kAccept, "is only taken with format=auto");
  }
  return std::nullopt;
}

}  // namespace

Result<TransformSpec> validate(const Params& params) {
  Draft draft;
  if (Verdict error = take_all(Place::kTop, params, draft)) return *std::move(error);
  if (Verdict error = check_size(draft.spec)) return *std::move(error);
  if (Verdict error = settle_format(draft)) return *std::move(error);
  if (draft.spec.source.empty()) return no_such_picture();
  if (!draft.watermark.name.empty()) draft.spec.watermark = std::move(draft.watermark);
  return std::move(draft.spec);
}

}  // namespace imageserver
