#include "params/accepted_formats.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/text.h"
#include "params/names.h"

namespace imageserver {
namespace {

constexpr int kMaxQ = 1000;  // q counts in thousandths
constexpr std::string_view kBlanks = " \t";

// `0.8`: one digit, and up to three after the point.
std::optional<int> parse_q(std::string_view text) {
  const auto [whole, fraction] = cut(text, '.');
  if ((whole != "0" && whole != "1") || fraction.size() > 3) return std::nullopt;
  int q = whole == "1" ? kMaxQ : 0;
  int unit = kMaxQ / 10;
  for (const char digit : fraction) {
    if (!is_ascii_digit(digit)) return std::nullopt;
    q += (digit - '0') * unit;
    unit /= 10;
  }
  return q <= kMaxQ ? std::optional(q) : std::nullopt;
}

// Of the parameters of a media range; the largest where they do not say.
std::optional<int> q_among(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take_until(parameters, ';');
    const auto [name, value] = cut(trimmed(parameter, kBlanks), '=');
    if (same_word(name, "q")) return parse_q(value);
  }
  return kMaxQ;
}

// The q of every type that matters here.
class Preferences {
 public:
  enum Type : std::uint8_t { kAvif, kWebp, kJpeg, kAnyPicture, kAnything, kTypes };

  explicit Preferences(std::string_view accept) {
    while (!accept.empty()) read(take_until(accept, ','));
  }

  [[nodiscard]] bool takes(Type type) const {
    const std::optional<int>& q = q_.at(type);
    return q && *q > 0 && *q >= jpeg();
  }

  [[nodiscard]] int q(Type type) const { return q_.at(type).value_or(0); }

 private:
  static constexpr std::array<std::string_view, kTypes> kNames = {"image/avif", "image/webp",
                                                                  "image/jpeg", "image/*", "*/*"};

  void read(std::string_view range) {
    const auto [type, parameters] = cut(range, ';');
    const std::string_view name = trimmed(type, kBlanks);
    const auto place = std::ranges::find_if(
        kNames, [name](std::string_view known) { return same_word(known, name); });
    if (place == kNames.end()) return;
    std::optional<int>& q = q_.at(static_cast<std::size_t>(place - kNames.begin()));
    if (!q) q = q_among(parameters);
  }

  [[nodiscard]] int jpeg() const {
    for (const Type type : {kJpeg, kAnyPicture, kAnything}) {
      if (q_.at(type)) return *q_.at(type);
    }
    return 0;
  }

  std::array<std::optional<int>, kTypes> q_;
};

std::string_view class_of(const AutoFormat& accepted) {
  AutoFormat plain = accepted;
  plain.webp_first = accepted.webp_first && accepted.avif && accepted.webp;
  return std::ranges::find(kAcceptClasses, plain, &Choice<AutoFormat>::value)->name;
}

}  // namespace

AutoFormat accepted_formats(std::string_view accept) {
  const Preferences preferences(accept);
  AutoFormat formats{.avif = preferences.takes(Preferences::kAvif),
                     .webp = preferences.takes(Preferences::kWebp)};
  formats.webp_first = formats.avif && formats.webp &&
                       preferences.q(Preferences::kWebp) > preferences.q(Preferences::kAvif);
  return formats;
}

bool asks_for_auto_format(const Params& params) {
  const ParamValue* const format = params.find(names::kFormat);
  const auto* const name = format == nullptr ? nullptr : std::get_if<std::string>(format);
  return name != nullptr && *name == names::kAuto;
}

Params with_accepted(const Params& params, const AutoFormat& accepted) {
  Params with = params;
  with.insert(std::string(names::kAccept), std::string(class_of(accepted)));
  return with;
}

}  // namespace imageserver
