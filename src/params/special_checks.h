// The checks of single parameters that no kind of row stands for: see Parameter::take. Threads:
// free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_SPECIAL_CHECKS_H_
#define IMAGESERVER_PARAMS_SPECIAL_CHECKS_H_

#include <array>
#include <optional>

#include "formats/format_table.h"
#include "params/choice.h"
#include "params/draft.h"
#include "params/names.h"
#include "params/parameter.h"

namespace imageserver {

// All formats, and none for `auto`.
inline constexpr auto kFormatChoices = [] {
  std::array<Choice<std::optional<Format>>, kFormats.size() + 1> choices;
  auto* place = choices.begin();
  for (const FormatRow& row : kFormatRows) {
    if (row.result) *place++ = {row.name, row.result->format};
  }
  *place = {names::kAuto, std::nullopt};
  return choices;
}();

[[nodiscard]] Verdict take_crop(const Parameter& parameter, const ParamEntry& entry, Draft& draft);
[[nodiscard]] Verdict take_format(const Parameter& parameter, const ParamEntry& entry,
                                  Draft& draft);
[[nodiscard]] Verdict take_quality(const Parameter& parameter, const ParamEntry& entry,
                                   Draft& draft);
[[nodiscard]] Verdict take_rotation(const Parameter& parameter, const ParamEntry& entry,
                                    Draft& draft);
[[nodiscard]] Verdict take_watermark(const Parameter& parameter, const ParamEntry& entry,
                                     Draft& draft);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_SPECIAL_CHECKS_H_
