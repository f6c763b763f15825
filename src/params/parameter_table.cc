#include "params/parameter_table.h"

#include <algorithm>
#include <array>
#include <limits>

#include "params/choice.h"
#include "params/format_words.h"
#include "params/gravity.h"
#include "params/names.h"
#include "params/plain_name.h"
#include "params/row_kinds.h"
#include "params/size_limits.h"
#include "params/special_checks.h"

namespace imageserver {
namespace {

constexpr Range kAnySide{0, kMaxOutputSide};
constexpr Range kPercentChange{-100, 100};
constexpr Range kFraction{0, 1};
constexpr Range kFrom0{0, std::numeric_limits<int>::max()};
constexpr Range kFrom1{1, std::numeric_limits<int>::max()};

constexpr auto kModes = std::to_array<Choice<Mode>>({
    {"fit", Mode::kFit},
    {"fill", Mode::kFill},
    {"pad", Mode::kPad},
    {"inside", Mode::kInside},
    {"cover", Mode::kCover},
});

constexpr auto kResamplings = std::to_array<Choice<Resampling>>({
    {"nearest_neighbor", Resampling::kNearestNeighbor},
    {"box", Resampling::kBox},
    {"linear", Resampling::kLinear},
    {"cubic", Resampling::kCubic},
    {"lanczos", Resampling::kLanczos},
});

constexpr auto kInterpolations = std::to_array<Choice<Interpolation>>({
    {"nearest_neighbor", Interpolation::kNearestNeighbor},
    {"linear", Interpolation::kLinear},
    {"cubic", Interpolation::kCubic},
});

constexpr auto kFlips = std::to_array<Choice<Flip>>({
    {"h", {.horizontal = true}},
    {"v", {.vertical = true}},
    {"hv", {.horizontal = true, .vertical = true}},
});

constexpr auto kQualityWords = std::to_array<std::string_view>({names::kAuto});

constexpr Default kNone{.words = "none"};

constexpr ConstantText kQualities = default_qualities();

constexpr ConstantText kColorsHelp =
    titles_with<&ResultTraits::palette>(" of so many colours a frame");

constexpr ConstantText kLosslessHelp = titles_with<&ResultTraits::lossless>(" without loss");

constexpr ConstantText kProgressiveHelp =
    titles_with<&ResultTraits::progressive>(" that can be shown before all of them has arrived");

constexpr auto kParameters = std::to_array<Parameter>({
    row::in(Place::kRotate,
            row::colour<&TransformSpec::background>(
                "background", kNone, "Is laid behind everything that can be seen through")),
    row::number<&TransformSpec::blur>("blur", {0, 100}, {.value = "0"},
                                      "A Gauss blur of so many pixels of the result"),
    row::integer<&TransformSpec::brightness>("brightness", kPercentChange, {.value = "0"},
                                             "From black to white, in percent"),
    row::integer<&TransformSpec::colors>("colors", {2, 256}, {.words = "none; GIF has 256"},
                                         kColorsHelp.view()),
    row::integer<&TransformSpec::contrast>("contrast", kPercentChange, {.value = "0"},
                                           "From plain grey to twice as much, in percent"),
    {.name = names::kCrop,
     .kind = Kind::kCrop,
     .rule = "must be min_x,min_y|max_x,max_y: integers of 32 bits, with each maximum above its "
             "minimum",
     .by_default = kNone,
     .help = "A part of the original, in its pixels as it is seen",
     .take = take_crop},
    row::number<&TransformSpec::dpr>(names::kDpr, {0.1, 8}, {.value = "1"},
                                     "Pixels of the device for each of yours"),
    row::boolean<&TransformSpec::enlarge>("enlarge", {.value = "true"},
                                          "Whether a result may have more pixels than there are"),
    row::choice<&TransformSpec::flip, kFlips>("flip", kNone, "Mirrors"),
    {.name = names::kFormat,
     .kind = Kind::kFormat,
     .choices = kNamesOf<kFormatChoices>,
     .by_default = {.words = "the original's"},
     .help = "What is written",
     .take = take_format},
    row::integer<&TransformSpec::frames>("frames", kFrom1, {.words = "all, or 1 with `page`"},
                                         "How many frames from there on"),
    row::boolean<&TransformSpec::gamma_correction>(
        "gamma_correction", {.value = "false"}, "Averages light, not the values that stand for it"),
    row::gravity<&TransformSpec::gravity, kGravities>(
        "gravity", {.value = "center"}, "What `fill` keeps, and where `pad` puts the picture"),
    row::boolean<&TransformSpec::grayscale>("grayscale", {.value = "false"},
                                            "Without colour, each pixel as light as it was"),
    row::in(Place::kResize, row::side<&TransformSpec::height>(names::kHeight, kAnySide,
                                                              {.value = "0"}, "Height in pixels")),
    row::in(Place::kRotate, row::choice<&TransformSpec::interpolation, kInterpolations>(
                                "interpolation", {.value = "cubic"},
                                "How pixels are found where a turn puts them between others")),
    row::boolean<&TransformSpec::lossless>("lossless", {.value = "false"}, kLosslessHelp.view()),
    row::integer<&TransformSpec::max_bytes>("max_bytes", {1, 1 << 30}, kNone,
                                            "The most bytes the result may have"),
    row::in(Place::kResize,
            row::choice<&TransformSpec::mode, kModes>(
                names::kMode, kNone, "What becomes of the shape where both sides are given")),
    row::boolean<&TransformSpec::orient>(
        "orient", {.value = "true"}, "Turns the original upright, as its EXIF orientation says"),
    row::integer<&TransformSpec::page>(names::kPage, kFrom0, kNone,
                                       "The first frame of an animation, or page of a TIFF or PDF"),
    row::integer<&TransformSpec::pixelate>("pixelate", {0, 1024}, {.value = "0"},
                                           "Blocks of so many pixels of the result a side"),
    {.name = names::kPreset,
     .kind = Kind::kPreset,
     .place = Place::kNone,
     .by_default = kNone,
     .help = "Stands for a query from the file `--presets`"},
    row::boolean<&TransformSpec::progressive>("progressive", {.value = "false"},
                                              kProgressiveHelp.view()),
    {.name = names::kQuality,
     .kind = Kind::kQuality,
     .range = Range{1, 100},
     .choices = kQualityWords,
     .by_default = {.words = kQualities.view()},
     .help = "Size against fidelity",
     .take = take_quality,
     .number_in = row::number_in<&TransformSpec::quality>},
    row::integer<&TransformSpec::radius>("radius", kAnySide, {.value = "0"},
                                         "Rounds the corners of the result"),
    row::in(Place::kResize,
            row::choice<&TransformSpec::resampling, kResamplings>(
                names::kResampling, {.value = "lanczos"}, "How pixels are averaged")),
    {.name = names::kRotation,
     .kind = Kind::kNumber,
     .place = Place::kRotate,
     .by_default = {.value = "0"},
     .help = "Turns counter-clockwise, by any number",
     .take = take_rotation},
    row::integer<&TransformSpec::saturation>("saturation", kPercentChange, {.value = "0"},
                                             "From no colour to twice as much, in percent"),
    row::number<&TransformSpec::sharpen>("sharpen", {0, 10}, {.value = "0"},
                                         "Sharpens what is finer than so many pixels of the "
                                         "result"),
    row::boolean<&TransformSpec::strip>("strip", kNone, "Metadata of the original"),
    row::colour<&TransformSpec::tint>("tint", kNone,
                                      "Everything in the hue of this colour, and as light as it "
                                      "was"),
    row::number<&TransformSpec::trim>("trim", {0, 255}, kNone,
                                      "Cuts off a border that is all of one colour"),
    {.name = names::kWatermark,
     .kind = Kind::kName,
     .rule = kPlainNameRule,
     .by_default = kNone,
     .help = "Lays the file of that name in `--watermarks` on the result",
     .take = take_watermark},
    row::gravity<&Watermark::gravity, kPoints>("watermark_gravity", {.value = "center"},
                                               "Where it lies"),
    row::number<&Watermark::opacity>("watermark_opacity", kFraction, {.value = "1"},
                                     "How much of it is seen"),
    row::number<&Watermark::scale>("watermark_scale", kFraction, {.value = "0"},
                                   "Its width, in parts of the result's"),
    row::in(Place::kResize, row::side<&TransformSpec::width>(names::kWidth, kAnySide,
                                                             {.value = "0"}, "Width in pixels")),
});

static_assert(std::ranges::is_sorted(kParameters, {}, &Parameter::name));
static_assert(kParameters.size() <= kMaxParameters);

}  // namespace

std::span<const Parameter> parameters() { return kParameters; }

const Parameter* find_parameter(std::string_view name) {
  const auto* const place = std::ranges::lower_bound(kParameters, name, {}, &Parameter::name);
  return place != kParameters.end() && place->name == name ? place : nullptr;
}

std::string_view map_name(Place place) {
  return place == Place::kResize ? names::kResize : names::kRotate;
}

}  // namespace imageserver
