#include "params/validate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "params/accept.h"
#include "params/checks.h"
#include "params/gravity.h"
#include "params/hex_colour.h"
#include "params/invalid_param.h"
#include "params/limits.h"
#include "params/names.h"
#include "params/no_such_picture.h"
#include "params/plain_name.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxSourceName = 1024;
constexpr int kMaxInt = std::numeric_limits<int>::max();
constexpr std::int64_t kMaxBytes = 1 << 30;
constexpr double kTurn = 360;

// What has been taken over so far. What says nothing without something else stands beside the spec
// until all is there: entries may come in any order.
struct Draft {
  TransformSpec spec;
  CropBox crop;
  Watermark watermark;
  bool auto_format = false;
  std::optional<AutoFormat> accepted;
};

template <class T>
T& field_of(Draft& draft, T TransformSpec::* field) {
  return draft.spec.*field;
}

template <class T>
T& field_of(Draft& draft, T Watermark::* field) {
  return draft.watermark.*field;
}

int& field_of(Draft& draft, int CropBox::* field) { return draft.crop.*field; }

// None: the value is right, and stands in the draft now.
using Verdict = std::optional<Error>;

using Check = Verdict (*)(const ParamEntry& entry, Draft& draft);

// What holds for the parameter called `name`.
struct Rule {
  std::string_view name;
  Check check;
};

constexpr bool is_sorted(std::span<const Rule> rules) {
  return std::ranges::is_sorted(rules, {}, &Rule::name);
}

// REQUIRES: is_sorted(rules).
Verdict check_all(std::span<const Rule> rules, const Params& params, Draft& draft) {
  for (const ParamEntry& entry : params.entries()) {
    const auto rule = std::ranges::lower_bound(rules, entry.name, {}, &Rule::name);
    if (rule == rules.end() || rule->name != entry.name) {
      return invalid_param(entry.name, "is not a known parameter");
    }
    if (Verdict error = rule->check(entry, draft)) return error;
  }
  return std::nullopt;
}

Verdict check_map(std::span<const Rule> rules, const ParamEntry& entry, Draft& draft) {
  const auto* map = std::get_if<Params>(&entry.value);
  if (map == nullptr) return invalid_param(entry.name, "must be a map");
  return check_all(rules, *map, draft);
}

// Takes the checked value over, or hands its error on.
template <class T, class Field>
Verdict store(const Result<T>& checked, Field& field) {
  if (!checked) return checked.error();
  field = *checked;
  return std::nullopt;
}

template <class Field>
Verdict store_int(const Result<std::int64_t>& checked, Field& field) {
  if (!checked) return checked.error();
  field = static_cast<int>(*checked);
  return std::nullopt;
}

template <auto kField, int kLow, int kHigh>
Verdict check_int(const ParamEntry& entry, Draft& draft) {
  return store_int(integer_between(entry, kLow, kHigh), field_of(draft, kField));
}

template <auto kField, Between kBounds>
Verdict check_number(const ParamEntry& entry, Draft& draft) {
  return store(number_between(entry, kBounds), field_of(draft, kField));
}

template <auto kField>
Verdict check_boolean(const ParamEntry& entry, Draft& draft) {
  return store(boolean(entry), field_of(draft, kField));
}

template <auto kField, const auto& kChoices>
Verdict check_choice(const ParamEntry& entry, Draft& draft) {
  return store(one_of(entry, kChoices), field_of(draft, kField));
}

template <auto kField>
Verdict check_colour(const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  const std::optional<Colour> colour = parse_hex_colour(*text);
  if (!colour) {
    return invalid_param(entry.name, "must be rgb, argb, rrggbb or aarrggbb in hexadecimal");
  }
  field_of(draft, kField) = *colour;
  return std::nullopt;
}

template <auto kField, GravityKinds kKinds>
Verdict check_gravity(const ParamEntry& entry, Draft& draft) {
  return store(gravity(entry, kKinds), field_of(draft, kField));
}

constexpr std::array<Choice<Mode>, 5> kModes = {{
    {"fit", Mode::kFit},
    {"fill", Mode::kFill},
    {"pad", Mode::kPad},
    {"inside", Mode::kInside},
    {"cover", Mode::kCover},
}};

constexpr std::array<Choice<Resampling>, 5> kResamplings = {{
    {"nearest_neighbor", Resampling::kNearestNeighbor},
    {"box", Resampling::kBox},
    {"linear", Resampling::kLinear},
    {"cubic", Resampling::kCubic},
    {"lanczos", Resampling::kLanczos},
}};

constexpr std::array<Choice<Interpolation>, 3> kInterpolations = {{
    {"nearest_neighbor", Interpolation::kNearestNeighbor},
    {"linear", Interpolation::kLinear},
    {"cubic", Interpolation::kCubic},
}};

constexpr std::array<Choice<Flip>, 3> kFlips = {{
    {"h", {.horizontal = true}},
    {"v", {.vertical = true}},
    {"hv", {.horizontal = true, .vertical = true}},
}};

Verdict check_side(const ParamEntry& entry, int& side) {
  const std::string most = std::to_string(kMaxOutputSide);
  const Result<std::int64_t> pixels = integer(entry);
  if (!pixels) return invalid_param(entry.name, "must be an integer between 0 and " + most);
  if (*pixels < 0) return invalid_param(entry.name, "must be greater than or equal to 0");
  if (*pixels > kMaxOutputSide) {
    return invalid_param(entry.name, "must be less than or equal to " + most);
  }
  return store_int(pixels, side);
}

template <auto kField>
Verdict check_side(const ParamEntry& entry, Draft& draft) {
  return check_side(entry, field_of(draft, kField));
}

Verdict check_resize(const ParamEntry& entry, Draft& draft) {
  static constexpr std::array<Rule, 4> kRules = {{
      {names::kHeight, check_side<&TransformSpec::height>},
      {names::kMode, check_choice<&TransformSpec::mode, kModes>},
      {names::kResampling, check_choice<&TransformSpec::resampling, kResamplings>},
      {names::kWidth, check_side<&TransformSpec::width>},
  }};
  static_assert(is_sorted(kRules));
  return check_map(kRules, entry, draft);
}

double normalised(double degrees) {
  double turned = std::fmod(degrees, kTurn);
  if (turned < 0) turned += kTurn;
  return turned < kTurn ? turned : 0;  // what is just below 0 rounds to a whole turn
}

Verdict check_rotation(const ParamEntry& entry, Draft& draft) {
  const Result<double> degrees = number(entry);
  if (!degrees) return degrees.error();
  if (!std::isfinite(*degrees)) return invalid_param(entry.name, "must be a finite number");
  draft.spec.rotation = normalised(*degrees);
  return std::nullopt;
}

Verdict check_rotate(const ParamEntry& entry, Draft& draft) {
  static constexpr std::array<Rule, 3> kRules = {{
      {names::kBackground, check_colour<&TransformSpec::background>},
      {names::kInterpolation, check_choice<&TransformSpec::interpolation, kInterpolations>},
      {names::kRotation, check_rotation},
  }};
  static_assert(is_sorted(kRules));
  return check_map(kRules, entry, draft);
}

template <auto kField>
constexpr Check kCheckEdge = check_int<kField, std::numeric_limits<int>::min(), kMaxInt>;

Verdict check_crop(const ParamEntry& entry, Draft& draft) {
  static constexpr std::array<Rule, 4> kRules = {{
      {names::kMaxX, kCheckEdge<&CropBox::max_x>},
      {names::kMaxY, kCheckEdge<&CropBox::max_y>},
      {names::kMinX, kCheckEdge<&CropBox::min_x>},
      {names::kMinY, kCheckEdge<&CropBox::min_y>},
  }};
  static_assert(is_sorted(kRules));
  const CropBox& box = draft.crop;
  const bool four = !check_map(kRules, entry, draft) &&
                    std::get<Params>(entry.value).entries().size() == kRules.size();
  if (!four || box.max_x <= box.min_x || box.max_y <= box.min_y) {
    return invalid_param(entry.name,
                         "must be min_x,min_y|max_x,max_y: integers of 32 bits, with each maximum "
                         "above its minimum");
  }
  draft.spec.crop = box;
  return std::nullopt;
}

// Watermarks are files of one directory, none of them hidden.
Verdict check_watermark(const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> name = plain_string(entry);
  if (!name) return name.error();
  if (!is_plain_name(*name)) return invalid_param(entry.name, kPlainNameRule);
  draft.watermark.name = *name;
  return std::nullopt;
}

Verdict check_format(const ParamEntry& entry, Draft& draft) {
  std::array<Choice<std::optional<Format>>, kFormats.size() + 1> choices;
  std::ranges::transform(kFormats, choices.begin(), [](Format format) {
    return Choice<std::optional<Format>>{format_name(format), format};
  });
  choices.back() = {names::kAuto, std::nullopt};
  const Result<std::optional<Format>> format = one_of(entry, choices);
  if (!format) return format.error();
  draft.spec.format = *format;
  draft.auto_format = !format->has_value();
  return std::nullopt;
}

Verdict check_accept(const ParamEntry& entry, Draft& draft) {
  return store(one_of(entry, kAcceptClasses), draft.accepted);
}

Verdict check_quality(const ParamEntry& entry, Draft& draft) {
  const auto* word = std::get_if<std::string>(&entry.value);
  draft.spec.auto_quality = word != nullptr && *word == names::kAuto;
  if (draft.spec.auto_quality) return std::nullopt;
  const Result<std::int64_t> percent = integer_between(entry, 1, 100);
  if (!percent) return invalid_param(entry.name, "must be between 1 and 100, or auto");
  return store_int(percent, draft.spec.quality);
}

Verdict check_max_bytes(const ParamEntry& entry, Draft& draft) {
  return store(integer_between(entry, 1, kMaxBytes), draft.spec.max_bytes);
}

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

Verdict check_source(const ParamEntry& entry, Draft& draft) {
  const auto* source = std::get_if<std::string>(&entry.value);
  if (source != nullptr && !can_be_a_file(*source)) return no_such_picture();
  return store(plain_string(entry), draft.spec.source);
}

// All but the maps' own, and what stands for other parameters.
constexpr std::array<Rule, 34> kRules = {{
    {names::kAccept, check_accept},
    {names::kBlur, check_number<&TransformSpec::blur, Between{0, 100}>},
    {names::kBrightness, check_int<&TransformSpec::brightness, -100, 100>},
    {names::kColors, check_int<&TransformSpec::colors, 2, 256>},
    {names::kContrast, check_int<&TransformSpec::contrast, -100, 100>},
    {names::kCrop, check_crop},
    {names::kDpr, check_number<&TransformSpec::dpr, Between{0.1, 8}>},
    {names::kEnlarge, check_boolean<&TransformSpec::enlarge>},
    {names::kFlip, check_choice<&TransformSpec::flip, kFlips>},
    {names::kFormat, check_format},
    {names::kFrames, check_int<&TransformSpec::frames, 1, kMaxInt>},
    {names::kGammaCorrection, check_boolean<&TransformSpec::gamma_correction>},
    {names::kResize, check_resize},
    {names::kRotate, check_rotate},
    {names::kGravity, check_gravity<&TransformSpec::gravity, GravityKinds::kAll>},
    {names::kGrayscale, check_boolean<&TransformSpec::grayscale>},
    {names::kLossless, check_boolean<&TransformSpec::lossless>},
    {names::kMaxBytes, check_max_bytes},
    {names::kOrient, check_boolean<&TransformSpec::orient>},
    {names::kPage, check_int<&TransformSpec::page, 0, kMaxInt>},
    {names::kPixelate, check_int<&TransformSpec::pixelate, 0, 1024>},
    {names::kProgressive, check_boolean<&TransformSpec::progressive>},
    {names::kQuality, check_quality},
    {names::kRadius, check_int<&TransformSpec::radius, 0, kMaxOutputSide>},
    {names::kSaturation, check_int<&TransformSpec::saturation, -100, 100>},
    {names::kSharpen, check_number<&TransformSpec::sharpen, Between{0, 10}>},
    {names::kSource, check_source},
    {names::kStrip, check_boolean<&TransformSpec::strip>},
    {names::kTint, check_colour<&TransformSpec::tint>},
    {names::kTrim, check_number<&TransformSpec::trim, Between{0, 255}>},
    {names::kWatermark, check_watermark},
    {names::kWatermarkGravity, check_gravity<&Watermark::gravity, GravityKinds::kPoints>},
    {names::kWatermarkOpacity, check_number<&Watermark::opacity, Between{0, 1}>},
    {names::kWatermarkScale, check_number<&Watermark::scale, Between{0, 1}>},
}};
static_assert(is_sorted(kRules));

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
  if (Verdict error = check_all(kRules, params, draft)) return *std::move(error);
  if (Verdict error = check_size(draft.spec)) return *std::move(error);
  if (Verdict error = settle_format(draft)) return *std::move(error);
  if (draft.spec.source.empty()) return no_such_picture();
  if (!draft.watermark.name.empty()) draft.spec.watermark = std::move(draft.watermark);
  return std::move(draft.spec);
}

}  // namespace imageserver
