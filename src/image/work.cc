#include "image/work.h"

#include <algorithm>
#include <cmath>

#include "image/codec/encode.h"
#include "image/codec/few_colours.h"
#include "image/codec/quality_search.h"
#include "image/plan/convert_first.h"
#include "image/steps/effect_table.h"

namespace imageserver {
namespace {

// For each pixel, beside the formats' own (formats/format_table.h) and the steps' (pipeline.cc).
constexpr double kTrim = 1;       // of the original
constexpr double kRotation = 12;  // of the rotated frame
constexpr double kToSrgb = 2;     // of the frame as it was decoded, where it is in another space
constexpr double kToSrgbByTables = 18;  // in its place, where the frame is converted as it is
constexpr double kResize = 6;           // of the result
constexpr double kResizeDirectly = 1;
constexpr double kPalette = 50;
constexpr double kSimilarity = 2;  // beside each encode that is compared

std::int64_t whole(double work) { return std::llround(work); }

double pixels(Size size) { return static_cast<double>(area(size)); }

// Decoders of animations compose the frames before the first as well.
double frames_decoded(const Original& original) {
  const auto& [first, count] = original.pages;
  return can_move(original.header.type) ? first + count : count;
}

// A decoder that shrinks reads the whole file all the same; a drawing is as large as it is drawn.
double decoding(const Original& original, double scale) {
  const Header& header = original.header;
  const double drawn = is_vector(header.type) ? scale * scale : 1;
  const double decoded = std::max(pixels(header.stored), static_cast<double>(header.coded_pixels));
  return decoded * drawn * frames_decoded(original) * row_of(header.type).decode_work;
}

bool is_scaled(const Axis& axis) { return axis.scaled != axis.length; }

double converting(const Header& header, const Layout& layout) {
  if (header.is_srgb) return 0;
  return header.is_dear && is_converted_first(layout.cut) ? kToSrgbByTables : kToSrgb;
}

double shaping(const Header& header, double scale, const Layout& layout, Way way) {
  double work = pixels(layout.cut.size) * scale * scale * converting(header, layout);
  if (layout.rotation != 0) work += pixels(layout.frame) * scale * scale * kRotation;
  if (is_scaled(layout.plan.x) || is_scaled(layout.plan.y)) {
    work += pixels(layout.picture) * (way == Way::kDirect ? kResizeDirectly : kResize);
  }
  return work;
}

double stepping(const Layout& layout, const TransformSpec& spec) {
  double work = 0;
  for (const Step& step : steps()) {
    if (step.is_asked(spec, layout)) work += step.work(spec);
  }
  return std::max(pixels(layout.picture), pixels(layout.canvas.size)) * work;
}

// For each pixel.
double encoding(Format format, const TransformSpec& spec) {
  const ResultTraits& traits = traits_of(format);
  if (has_palette(format, spec)) return traits.encode_work + kPalette;
  if (!has_quality(format, spec)) {
    return spec.lossless && traits.lossless ? traits.lossless_work : traits.encode_work;
  }
  if (spec.auto_quality) return kMostEncodes * (traits.encode_work + kSimilarity);
  return spec.max_bytes ? kMostEncodes * traits.encode_work : traits.encode_work;
}

}  // namespace

std::int64_t rendering_work(const Original& original, double scale, const Layout& layout,
                            const TransformSpec& spec, Format format, Way way) {
  const double a_frame = shaping(original.header, scale, layout, way) + stepping(layout, spec) +
                         pixels(layout.canvas.size) * encoding(format, spec);
  return whole(decoding(original, scale) + a_frame * original.pages.count);
}

std::int64_t trimming_work(const Original& original) {
  const double seen = pixels(original.header.stored) * original.pages.count;
  return whole(decoding(original, 1) + seen * kTrim);
}

std::int64_t thumbnail_work(const Original& original) {
  return is_vector(original.header.type) ? 0 : whole(decoding(original, 1));
}

}  // namespace imageserver
