// Hostile pictures. The last bytes also choose what is asked: decoders take no notice of what comes
// behind a picture's end, so that any picture is a seed and any choice can be made for it. Or the
// picture is made here: a thin one that is sound, as its sizes are what is hostile in it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vips/vips8>

#include "check.h"
#include "image/codec/allowed_operations.h"
#include "image/codec/encode.h"
#include "image/transform.h"
#include "image/vips/vips_library.h"
#include "params/draft.h"
#include "params/parameter_table.h"

namespace imageserver::fuzz {
namespace {

constexpr std::size_t kChoices = 18;

// In front of the choices: a mark that says whether the picture is made here, and what it is.
constexpr std::size_t kThinChoices = 5;
constexpr std::uint8_t kThinMark = 'T';
constexpr int kMaxLevel = 255;
constexpr double kFullRange = 1024;
constexpr ImageLimits kSmall{.max_pixels = 1'000'000, .max_frames = 8};

constexpr auto kAsked = std::to_array<std::optional<Format>>(
    {std::nullopt, Format::kJpeg, Format::kPng, Format::kGif, Format::kWebp, Format::kAvif,
     Format::kTiff, Format::kBmp});

// Choices, one byte after the other.
class Chooser {
 public:
  explicit Chooser(const std::uint8_t* choices) : next_(choices) {}

  int below(int end) { return *next_++ % end; }

  int between(int low, int high) { return low + below(high - low + 1); }

  bool maybe() { return below(2) == 1; }

 private:
  const std::uint8_t* next_;
};

void choose_geometry(Chooser& choose, TransformSpec& spec) {
  spec.width = choose.below(256);
  spec.height = choose.below(256);
  const int how = choose.below(256);
  spec.mode = static_cast<Mode>(how % 6);
  spec.resampling = static_cast<Resampling>(how / 6 % 5);
  spec.gravity.kind = static_cast<Gravity::Kind>(how / 30 % 3);
  const int what = choose.below(256);
  spec.enlarge = what % 2 == 0;
  spec.gamma_correction = what / 2 % 2 == 1;
  spec.flip = {what / 4 % 2 == 1, what / 8 % 2 == 1};
  spec.orient = what / 16 % 2 == 0;
  if (what / 32 % 2 == 1) spec.trim = what % 32;
  if (what / 64 % 2 == 1) spec.dpr = 0.5 * (1 + what % 4);
  const int left = choose.below(128);
  if (choose.maybe()) spec.crop = CropBox{left, left / 2, left + 40, left + 30};
  const int angle = choose.below(128);
  if (angle >= 64) spec.rotation = (angle - 64) * 22.5;
  spec.interpolation = static_cast<Interpolation>(angle % 3);
}

void choose_effects(Chooser& choose, TransformSpec& spec) {
  const int what = choose.below(256);
  const int strength = choose.between(1, 50);
  if (what % 2 == 1) spec.blur = strength / 5.0;
  if (what / 2 % 2 == 1) spec.sharpen = strength / 10.0;
  if (what / 4 % 2 == 1) spec.pixelate = strength;
  if (what / 8 % 2 == 1) spec.radius = strength;
  if (what / 16 % 2 == 1) spec.grayscale = true;
  if (what / 32 % 2 == 1) spec.contrast = spec.saturation = strength;
  if (what / 64 % 2 == 1) spec.tint = Colour{200, 100, 0, 255};
  if (what / 128 % 2 == 1) spec.background = Colour{10, 20, 30, 100};
}

void choose_encoding(Chooser& choose, TransformSpec& spec) {
  spec.format = kAsked.at(static_cast<std::size_t>(choose.below(kAsked.size())));
  const int what = choose.below(256);
  if (what % 4 == 1) spec.quality = 1 + what * 99 / 255;
  spec.auto_quality = what % 4 == 2;
  if (what / 4 % 4 == 3) spec.max_bytes = 1 + what * 20;
  if (what / 16 % 2 == 1) spec.colors = 2 + what % 64;
  spec.lossless = what / 32 % 4 == 3;
  spec.progressive = what / 64 % 2 == 1;
  if (what / 128 == 1) spec.strip = what % 2 == 1;
  const int pages = choose.below(64);
  if (pages % 4 == 1) spec.page = pages / 4;
  if (pages % 4 == 2) spec.frames = 1 + pages / 4;
}

// By the table of parameters, at a level from 0 to 255; none for what is no part of a picture's
// spec. Of a large range only the lower end is used, as large pictures take long.
std::optional<ParamValue> value_at(const Parameter& parameter, int level) {
  if (parameter.range) {
    const auto [low, high] = *parameter.range;
    const double number =
        high - low <= kFullRange ? low + (high - low) * level / kMaxLevel : low + level;
    if (parameter.kind == Kind::kNumber) return number;
    return static_cast<std::int64_t>(number);
  }
  if (!parameter.choices.empty()) {
    const auto choice = static_cast<std::size_t>(level) % parameter.choices.size();
    return std::string(parameter.choices[choice]);
  }
  if (parameter.kind == Kind::kBoolean) return level % 2 == 1;
  if (parameter.kind == Kind::kNumber) return static_cast<double>(level);
  return std::nullopt;
}

// Any value of any one parameter on top: so new parameters are tried as well.
void choose_by_table(Chooser& choose, TransformSpec& spec) {
  const auto row = static_cast<std::size_t>(choose.below(256)) % parameters().size();
  const Parameter& parameter = parameters()[row];
  const std::optional<ParamValue> value = value_at(parameter, choose.below(256));
  if (!value) return;
  Draft draft;
  draft.spec = spec;
  const ParamEntry entry{std::string(parameter.name), *value};
  check(!parameter.take(parameter, entry, draft), "a value by the table is taken");
  spec = draft.spec;
}

TransformSpec choose_spec(const std::uint8_t* choices) {
  Chooser choose(choices);
  TransformSpec spec;
  choose_geometry(choose, spec);
  choose_effects(choose, spec);
  choose_encoding(choose, spec);
  choose_by_table(choose, spec);
  return spec;
}

vips::VOption* uchar() { return vips::VImage::option()->set("uchar", true); }

// Thin in one way or the other, up to 16 by 4096 pixels, in any format that is written.
Bytes thin_picture(const std::uint8_t* choices) {
  Chooser choose(choices);
  const Format format = kFormats.at(static_cast<std::size_t>(choose.below(kFormats.size())));
  const int thin = choose.between(1, 16);
  const int high = choose.below(16);
  const int length = 1 + 256 * high + choose.below(256);
  const bool lies = length % 2 == 0;
  const vips::VImage grey =
      lies ? vips::VImage::grey(length, thin, uchar()) : vips::VImage::grey(thin, length, uchar());
  const vips::VImage colour =
      grey.bandjoin({grey.invert(), grey})
          .copy(vips::VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  return encode(colour, format, default_quality(format), {});
}

void check_error(const Error& error) {
  check(error.kind == ErrorKind::kUnprocessable || error.kind == ErrorKind::kInvalidParam,
        "an error blames the picture or what is asked");
}

// A sound picture is refused for what is asked of it alone.
void check_error_of_thin(const Error& error, const TransformSpec& spec) {
  check(error.kind == ErrorKind::kInvalidParam || spec.max_bytes.has_value(),
        "a sound picture is read");
}

// REQUIRES: size >= kChoices.
void run(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const choices = data + size - kChoices;
  const TransformSpec spec = choose_spec(choices);
  TransformContext context;
  context.limits = kSmall;
  const bool is_thin = size >= kChoices + kThinChoices && *(choices - kThinChoices) == kThinMark;
  const Bytes source =
      is_thin ? thin_picture(choices - kThinChoices + 1) : Bytes::copy(as_text(data, size));
  const auto result = transform(source, spec, {}, context);
  if (!result) {
    check_error(result.error());
    if (is_thin) check_error_of_thin(result.error(), spec);
    return;
  }
  const Image& image = **result;
  check(!image.data.empty(), "a result has bytes");
  check(image.format && image.format == spec.format.value_or(*image.format),
        "a result has the format asked");
  check(image.frames.read >= 1 && image.frames.read <= image.frames.total, "frames are counted");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const imageserver::VipsLibrary library(imageserver::allowed_operations({}));
  if (size >= imageserver::fuzz::kChoices) imageserver::fuzz::run(data, size);
  return 0;
}
