// The checks of single parameters that no kind of row stands for: see Parameter::take. Threads:
// free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_SPECIAL_CHECKS_H_
#define IMAGESERVER_PARAMS_SPECIAL_CHECKS_H_

#include <algorithm>
#include <array>
#include <optional>

#include "formats/image.h"
#include "params/choice.h"
#include "params/draft.h"
#include "params/names.h"
#include "params/parameter.h"

namespace imageserver {

// All formats, and none for `auto`.
inline constexpr auto kFormatChoices = [] {
  std::array<Choice<std::optional<Format>>, kFormats.size() + 1> choices;
  std::ranges::transform(kFormats, choices.begin(), [](Format format) {
    return Choice<std::optional<Format>>{format_name(format), format};
  });
  choices.back() = {names::kAuto, std::nullopt};
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
