// A request target on its way to a picture's key and spec.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "check.h"
#include "params/accepted_formats.h"
#include "params/go_params.h"
#include "params/ignored_params.h"
#include "params/parameter_table.h"
#include "params/params.h"
#include "params/parse_target.h"
#include "params/plain_name.h"
#include "params/size_limits.h"
#include "params/transform_spec.h"
#include "params/validate.h"

namespace imageserver::fuzz {
namespace {

bool is_one_line(const std::string& text) {
  return std::ranges::all_of(text, [](char byte) { return byte >= ' ' && byte <= '~'; });
}

void check_error(const Error& error) { check(is_one_line(error.message), "an error is one line"); }

// A NaN is in no range.
bool is_within(double number, Range range) { return number >= range.low && number <= range.high; }

bool is_point(const Gravity& gravity) {
  constexpr Range kFraction{0, 1};
  return gravity.kind == Gravity::Kind::kPoint && is_within(gravity.x, kFraction) &&
         is_within(gravity.y, kFraction);
}

// By the table of parameters.
void check_ranges(const TransformSpec& spec) {
  for (const Parameter& parameter : parameters()) {
    if (!parameter.range) continue;
    const std::optional<double> number = parameter.number_in(spec);
    check(!number || is_within(*number, *parameter.range), "a number is in its range");
  }
}

void check_geometry(const TransformSpec& spec) {
  for (const int side : {spec.width, spec.height}) {
    check(std::llround(side * spec.dpr) <= kMaxOutputSide, "a scaled side is in range");
  }
  check(std::llround(spec.width * spec.dpr) * std::llround(spec.height * spec.dpr) <=
            kMaxOutputPixels,
        "the area is in range");
  check(!spec.crop || (spec.crop->max_x > spec.crop->min_x && spec.crop->max_y > spec.crop->min_y),
        "a crop has an area");
  check(spec.rotation >= 0 && spec.rotation < 360, "rotation is below a whole turn");
  check(is_point(spec.gravity) || spec.gravity.kind != Gravity::Kind::kPoint, "gravity is within");
}

void check_watermark(const Watermark& watermark) {
  check(is_plain_name(watermark.name) && watermark.name.front() != '.', "a watermark is a file");
  check(is_point(watermark.gravity), "a watermark lies at a point");
}

void check_encoding(const TransformSpec& spec) {
  check(!spec.format || !spec.auto_format, "a format is given or left to us");
  check(!spec.quality || !spec.auto_quality, "a quality is given or left to us");
}

void check_source(const std::string& source) {
  check(!source.empty() && source.front() != '/', "the source is a relative path");
  check(("/" + source + "/").find("/../") == std::string::npos, "the source stays inside");
}

// What every key rests upon: nothing else in the text of a valid map is free.
void check_text(const std::string& text, const std::string& source) {
  const std::string end = "source:" + source + "]";
  check(text.ends_with(end), "the source stands last in the text");
  check(text.find("source:") == text.size() - end.size(), "what stands before it is closed");
}

void check_accepted(const Params& params, std::string_view accept) {
  const AutoFormat accepted = accepted_formats(accept);
  check(!accepted.webp_first || (accepted.avif && accepted.webp), "only one of two comes first");
  const Result<TransformSpec> spec = validate(with_accepted(params, accepted));
  check(spec.has_value() && spec->auto_format == accepted, "what is accepted arrives in the spec");
}

void check_valid(const Params& params, const TransformSpec& spec, std::string_view target) {
  check_source(spec.source);
  check_text(params.text(), spec.source);
  check_geometry(spec);
  check_ranges(spec);
  if (spec.watermark) check_watermark(*spec.watermark);
  check_encoding(spec);
  check(spec.auto_format.has_value() == asks_for_auto_format(params), "auto is seen in the map");
  if (spec.auto_format) {
    check(!has_only_go_params(params), "a Go node knows no format=auto");
    check_accepted(params, target);
  }
}

void check_strict(std::string_view target, const Params& params) {
  TargetRules strict;
  strict.strict = true;
  const Result<Params> same = parse_target(target, strict);
  check(!same || *same == params, "strict rules refuse, and change nothing else");
  const std::string ignored = ignored_params(target);
  check(is_one_line(ignored), "what is ignored is listed in one line");
  check(ignored.empty() || !same, "what is ignored is refused by strict rules");
}

void run(std::string_view target) {
  const Result<Params> params = parse_target(target);
  if (!params) {
    check_error(params.error());
    return;
  }
  check(params->text().starts_with("map["), "the text is that of a map");
  check(params->key().size() == 64, "a key has 64 digits");
  check_strict(target, *params);
  const Result<TransformSpec> spec = validate(*params);
  if (spec) {
    check_valid(*params, *spec, target);
  } else {
    check_error(spec.error());
  }
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
