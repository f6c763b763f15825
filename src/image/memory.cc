#include "image/memory.h"

#include <algorithm>
#include <cmath>

#include "image/codec/encode.h"
#include "image/codec/few_colours.h"
#include "image/render.h"
#include "image/steps/apply_layout.h"
#include "image/steps/effect_table.h"

namespace imageserver {
namespace {

// Bytes for each pixel of a picture that is in memory, or of three planes.
constexpr double kPicture = 4;
constexpr double kPlanes = 3;

// For each pixel of the result, beside the encoder's own (formats/format_table.h).
constexpr double kPalette = 32;
constexpr double kSearch = 3 * kPicture;  // the pixels, and the result decoded again

// Rows, tables, and what is read of the file beside its pixels.
constexpr double kRest = 24 << 20;

std::int64_t whole(double bytes) { return std::llround(std::min(bytes, 1e15)); }

double pixels(Size size) { return static_cast<double>(area(size)); }

// What the decoder holds at a time: nothing to speak of where it goes from row to row, else one
// frame.
double decoding(const Original& original, double scale) {
  const Header& header = original.header;
  const FormatRow& row = row_of(header.type);
  if (row.is_held_whole != nullptr && !row.is_held_whole(original.bytes.view())) return 0;
  const double drawn = row.vector ? scale * scale : 1;
  const double decoded = std::max(pixels(header.stored), static_cast<double>(header.coded_pixels));
  return decoded * drawn * row.decode_memory;
}

double all_frames(const Original& original) {
  return pixels(original.header.stored) * original.pages.count * kPicture;
}

// A picture in which a cut is looked for, and what is made of it for that.
double searching(Size size) { return 2 * pixels(size) * kPicture; }

// A frame as it is read, where it has to be in memory, and as it is rotated.
double framing(const Original& original, const Layout& layout, const TransformSpec& spec,
               double scale) {
  const double read = pixels(original.header.stored) * scale * scale * kPicture;
  const double cut = pixels(layout.cut.size) * scale * scale * kPicture;
  return (holds_frames(layout, spec) ? read : 0) + (layout.rotation != 0 ? 2 * cut : 0) +
         (layout.interest_before ? searching(layout.cut.size) * scale * scale : 0);
}

// The picture once it is resized, and as the turn and the steps need it. Frames are kept until the
// last one is done.
double shaping(const Original& original, const Layout& layout, const TransformSpec& spec) {
  const Size resized{layout.plan.x.size, layout.plan.y.size};
  const double picture = pixels(layout.picture) * kPicture;
  const double canvas = pixels(layout.canvas.size) * kPicture;
  const double shaped = pixels(resized) * kPicture * (layout.turn.is_none() ? 1 : 2) +
                        (layout.interest_after ? searching(resized) : 0) +
                        (needs_memory(spec, layout) ? picture : 0);
  const int frames = original.pages.count;
  return shaped + (frames > 1 ? (frames + 1) * canvas : 0);
}

// Whether some pixel of the result may not be opaque.
bool may_be_transparent(const Original& original, const Layout& layout, const TransformSpec& spec) {
  return original.header.alpha || layout.rotation != 0 || spec.radius > 0 ||
         layout.canvas.size != layout.picture;
}

// For each pixel of the result. Alpha is encoded without loss.
double encoding(Format format, const TransformSpec& spec, bool alpha) {
  const ResultTraits& traits = traits_of(format);
  if (has_palette(format, spec)) return traits.encode_memory + kPalette;
  const bool lossless = traits.lossless && (spec.lossless || alpha);
  const double once = lossless ? traits.lossless_memory : traits.encode_memory;
  const bool searches = has_quality(format, spec) && (spec.auto_quality || spec.max_bytes);
  return once + (searches ? kSearch : 0);
}

}  // namespace

std::int64_t rendering_memory(const Original& original, double scale, const Layout& layout,
                              const TransformSpec& spec, Format format, Way way) {
  const bool alpha = may_be_transparent(original, layout, spec);
  const double encoded = pixels(layout.canvas.size) * encoding(format, spec, alpha);
  const double decoded = decoding(original, scale);
  if (way == Way::kDirect) {
    const double planes = pixels(original.header.stored) * scale * scale + pixels(layout.picture);
    return whole(kRest + decoded + planes * kPlanes + encoded);
  }
  const double read = decodes_first(original, spec) ? all_frames(original) : 0;
  return whole(kRest + decoded + read + framing(original, layout, spec, scale) +
               shaping(original, layout, spec) + encoded);
}

std::int64_t watermark_memory(const Original& mark) {
  return whole(decoding(mark, 1) + pixels(mark.header.stored) * kPicture);
}

std::int64_t trimming_memory(const Original& original) {
  return whole(kRest + decoding(original, 1) + all_frames(original));
}

std::int64_t thumbnail_memory(const Original& original) {
  return whole(kRest + decoding(original, 1));
}

}  // namespace imageserver
