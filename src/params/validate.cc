#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "imageserver/params.h"
#include "params/invalid_param.h"
#include "params/names.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxSourceName = 1024;
constexpr int kMinQuality = 1;
constexpr int kMaxQuality = 100;

// None: the value is right, and stands in the spec now.
using Verdict = std::optional<Error>;

// What holds for the parameter called `name`.
struct Rule {
  std::string_view name;
  Verdict (*check)(const ParamEntry& entry, TransformSpec& spec);
};

Verdict check_all(std::span<const Rule> rules, const Params& params, TransformSpec& spec) {
  for (const ParamEntry& entry : params.entries()) {
    const auto rule = std::ranges::find(rules, entry.name, &Rule::name);
    if (rule == rules.end()) return invalid_param(entry.name, "is not a known parameter");
    if (Verdict error = rule->check(entry, spec)) return error;
  }
  return std::nullopt;
}

Result<int> integer_between(const ParamEntry& entry, int low, int high) {
  const auto* number = std::get_if<std::int64_t>(&entry.value);
  if (number == nullptr) return invalid_param(entry.name, "must be an integer");
  if (*number < low) {
    return invalid_param(entry.name, "must be greater than or equal to " + std::to_string(low));
  }
  if (*number > high) {
    return invalid_param(entry.name, "must be less than or equal to " + std::to_string(high));
  }
  return static_cast<int>(*number);
}

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }

Result<std::string_view> plain_string(const ParamEntry& entry) {
  const auto* text = std::get_if<std::string>(&entry.value);
  if (text == nullptr) return invalid_param(entry.name, "must be a string");
  if (std::ranges::any_of(*text, is_control)) {
    return invalid_param(entry.name, "must not contain control characters");
  }
  return std::string_view(*text);
}

// One name of a closed set, and what it stands for.
template <class T>
struct Choice {
  std::string_view name;
  T value;
};

template <class T>
Result<T> one_of(const ParamEntry& entry, std::span<const Choice<T>> choices) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  const std::string_view name = text.value();
  std::string names;
  for (const Choice<T>& choice : choices) {
    if (choice.name == name) return choice.value;
    names += (names.empty() ? "" : ", ") + std::string(choice.name);
  }
  return invalid_param(entry.name, "must be one of " + names);
}

constexpr std::array<Choice<Mode>, 2> kModes = {{{"fit", Mode::kFit}, {"fill", Mode::kFill}}};

constexpr std::array<Choice<Resampling>, 5> kResamplings = {{
    {"nearest_neighbor", Resampling::kNearestNeighbor},
    {"box", Resampling::kBox},
    {"linear", Resampling::kLinear},
    {"cubic", Resampling::kCubic},
    {"lanczos", Resampling::kLanczos},
}};

// Takes the checked value over, or hands its error on.
template <class T, class Field>
Verdict store(const Result<T>& checked, Field& field) {
  if (!checked) return checked.error();
  field = *checked;
  return std::nullopt;
}

Verdict check_width(const ParamEntry& entry, TransformSpec& spec) {
  return store(integer_between(entry, 0, kMaxOutputSide), spec.width);
}

Verdict check_height(const ParamEntry& entry, TransformSpec& spec) {
  return store(integer_between(entry, 0, kMaxOutputSide), spec.height);
}

Verdict check_mode(const ParamEntry& entry, TransformSpec& spec) {
  return store(one_of<Mode>(entry, kModes), spec.mode);
}

Verdict check_resampling(const ParamEntry& entry, TransformSpec& spec) {
  return store(one_of<Resampling>(entry, kResamplings), spec.resampling);
}

Verdict check_format(const ParamEntry& entry, TransformSpec& spec) {
  std::array<Choice<Format>, kFormats.size()> choices;
  std::ranges::transform(kFormats, choices.begin(),
                         [](Format format) { return Choice<Format>{format_name(format), format}; });
  return store(one_of<Format>(entry, choices), spec.format);
}

Verdict check_quality(const ParamEntry& entry, TransformSpec& spec) {
  const auto* number = std::get_if<std::int64_t>(&entry.value);
  if (number == nullptr) return invalid_param(entry.name, "must be an integer");
  if (*number < kMinQuality || *number > kMaxQuality) {
    return invalid_param(entry.name, "must be between " + std::to_string(kMinQuality) + " and " +
                                         std::to_string(kMaxQuality));
  }
  spec.quality = static_cast<int>(*number);
  return std::nullopt;
}

Verdict check_resize(const ParamEntry& entry, TransformSpec& spec) {
  static constexpr std::array<Rule, 4> kRules = {{
      {names::kWidth, check_width},
      {names::kHeight, check_height},
      {names::kMode, check_mode},
      {names::kResampling, check_resampling},
  }};
  const auto* resize = std::get_if<Params>(&entry.value);
  if (resize == nullptr) return invalid_param(entry.name, "must be a map");
  return check_all(kRules, *resize, spec);
}

Error no_such_picture() { return {ErrorKind::kNotFound, "no such picture"}; }

// Whether `path` is a plain relative path: no component empty, `.` or `..` (so no slash in front).
bool is_plain_path(std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (component.empty() || component == "." || component == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool can_be_a_file(std::string_view source) {
  return source.size() <= kMaxSourceName && source.find('\\') == std::string_view::npos &&
         source.find('\0') == std::string_view::npos && is_plain_path(source);
}

Verdict check_source(const ParamEntry& entry, TransformSpec& spec) {
  const auto* source = std::get_if<std::string>(&entry.value);
  if (source != nullptr && !can_be_a_file(*source)) return no_such_picture();
  return store(plain_string(entry), spec.source);
}

Verdict check_area(const TransformSpec& spec) {
  if (std::int64_t{spec.width} * spec.height <= kMaxOutputPixels) return std::nullopt;
  return invalid_param(names::kWidth, "times height must be less than or equal to " +
                                          std::to_string(kMaxOutputPixels));
}

}  // namespace

Result<TransformSpec> validate(const Params& params) {
  static constexpr std::array<Rule, 4> kRules = {{
      {names::kSource, check_source},
      {names::kResize, check_resize},
      {names::kFormat, check_format},
      {names::kQuality, check_quality},
  }};
  TransformSpec spec;
  if (Verdict error = check_all(kRules, params, spec)) return *std::move(error);
  if (Verdict error = check_area(spec)) return *std::move(error);
  if (spec.source.empty()) return no_such_picture();
  return spec;
}

}  // namespace imageserver
