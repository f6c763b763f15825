#include "params/special_checks.h"

#include <cmath>
#include <string>
#include <string_view>

#include "params/checks.h"
#include "params/crop.h"
#include "params/invalid_param.h"
#include "params/plain_name.h"

namespace imageserver {
namespace {

constexpr double kTurn = 360;

double normalised(double degrees) {
  double turned = std::fmod(degrees, kTurn);
  if (turned < 0) turned += kTurn;
  return turned < kTurn ? turned : 0;  // what is just below 0 rounds to a whole turn
}

}  // namespace

Verdict take_crop(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const auto* const map = std::get_if<Params>(&entry.value);
  if (map != nullptr) draft.spec.crop = crop_box(*map);
  if (draft.spec.crop) return std::nullopt;
  return invalid_param(entry.name, parameter.rule);
}

Verdict take_format(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> name = plain_string(entry);
  if (!name) return name.error();
  const auto format = find_choice<kFormatChoices>(*name);
  if (!format) return invalid_param(entry.name, one_of(parameter.choices));
  draft.spec.format = *format;
  draft.auto_format = !format->has_value();
  return std::nullopt;
}

Verdict take_quality(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const auto* const word = std::get_if<std::string>(&entry.value);
  draft.spec.auto_quality = word != nullptr && *word == names::kAuto;
  if (draft.spec.auto_quality) return std::nullopt;
  const Result<std::int64_t> percent = integer_within(entry, *parameter.range);
  if (!percent) {
    return invalid_param(
        entry.name, "must be " + between(*parameter.range) + ", or " + std::string(names::kAuto));
  }
  draft.spec.quality = static_cast<int>(*percent);
  return std::nullopt;
}

Verdict take_rotation(const Parameter&, const ParamEntry& entry, Draft& draft) {
  const Result<double> degrees = number(entry);
  if (!degrees) return degrees.error();
  if (!std::isfinite(*degrees)) return invalid_param(entry.name, "must be a finite number");
  draft.spec.rotation = normalised(*degrees);
  return std::nullopt;
}

Verdict take_watermark(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> name = plain_string(entry);
  if (!name) return name.error();
  if (!is_plain_name(*name)) return invalid_param(entry.name, parameter.rule);
  draft.watermark.name = *name;
  return std::nullopt;
}

}  // namespace imageserver
