#include "image/render.h"
#include "image/plan/load_scale.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "image/colour/colour.h"
#include "image/steps/alpha.h"
#include "image/steps/apply_layout.h"
#include "image/steps/canvas.h"
#include "image/steps/effects.h"
#include "image/steps/tone.h"
#include "image/steps/trim.h"
#include "image/steps/watermark.h"
#include "image/vips/kill_switch.h"

namespace imageserver {
namespace {

using vips::VImage;

VImage frame_at(const VImage& roll, int index, int frames) {
  const int height = roll.height() / frames;
  return frames == 1 ? roll : roll.extract_area(0, index * height, roll.width(), height);
}

bool has_neighbour_effects(const TransformSpec& spec) {
  return spec.pixelate > 0 || spec.blur > 0 || spec.sharpen > 0;
}

// Whether rows are asked for more than once, or not from top to bottom.
bool looks_around(const TransformSpec& spec, const Layout& layout) {
  return has_neighbour_effects(spec) || spec.radius > 0 || spec.watermark ||
         layout.canvas.size != layout.picture;
}

bool has_effects(const TransformSpec& spec) {
  return has_neighbour_effects(spec) || changes_tone(spec);
}

VImage with_effects(const VImage& image, const TransformSpec& spec) {
  VImage result = image;
  if (spec.pixelate > 0) result = pixelated(result, scaled_length(spec.pixelate, spec));
  if (spec.blur > 0) result = blurred(result, std::min(spec.blur * spec.dpr, kMostBlur));
  if (spec.sharpen > 0) result = sharpened(result, std::min(spec.sharpen * spec.dpr, kMostBlur));
  return toned(result, spec);
}

VImage finished(const VImage& arranged, const Layout& layout, const TransformSpec& spec,
                const Surroundings& surroundings, const std::stop_token& stop) {
  const auto& watermark = surroundings.watermark;
  const VImage colour = to_srgb(arranged);
  VImage result = with_effects(looks_around(spec, layout) ? in_memory(colour, stop) : colour, spec);
  result = padded(result, layout.canvas, surroundings.flat);
  if (watermark) result = marked(result, *watermark, *spec.watermark);
  if (spec.radius > 0) result = rounded(result, scaled_length(spec.radius, spec));
  return spec.background ? laid_on(result, *spec.background) : result;
}

// One frame at a time, so that none takes colour from its neighbour's edge.
Box border_of(const VImage& roll, const Box& cut, int frames, double threshold,
              const std::stop_token& stop) {
  std::optional<Box> seen;
  for (int i = 0; i < frames; ++i) {
    const Box box = without_border(cut_out(frame_at(roll, i, frames), cut), threshold, stop);
    seen = seen ? united(*seen, box) : box;
  }
  return {cut.left + seen->left, cut.top + seen->top, seen->size};
}

}  // namespace

Result<Prepared> prepare(const Original& original, const TransformSpec& spec,
                         const std::stop_token& stop) {
  const Header& header = original.header;
  const Result<Box> cut = cut_of(spec, header.stored, header.orientation);
  if (cut.has_error()) return cut.error();
  const Turn turn = turn_of(spec, header.orientation);
  if (!spec.trim) return Prepared{lay_out(spec, *cut, turn), std::nullopt};
  const Result<VImage> decoded = decode(original, 1.0, stop);
  if (decoded.has_error()) return decoded.error();
  const VImage roll = in_memory(*decoded, stop);
  const Box rest = border_of(roll, *cut, original.pages.count, *spec.trim, stop);
  if (is_vector(header.type)) return Prepared{lay_out(spec, rest, turn), std::nullopt};
  return Prepared{lay_out(spec, rest, turn), roll};
}

Result<VImage> render(const Original& original, const Prepared& prepared, const TransformSpec& spec,
                      const Surroundings& surroundings, const std::stop_token& stop) {
  const Layout& layout = prepared.layout;
  const int frames = original.pages.count;
  const double scale =
      frames == 1 ? load_scale(original.header, layout, spec, surroundings.max_pixels) : 1.0;
  const Result<VImage> decoded =
      prepared.decoded ? Result<VImage>(*prepared.decoded) : decode(original, scale, stop);
  if (decoded.has_error()) return decoded.error();
  const VImage& roll = *decoded;
  // Effects change the picture alone, and not what is behind it.
  const auto ground = has_effects(spec) ? std::nullopt : surroundings.flat;
  Arrangement arrangement(layout, spec, {original.header.stored, scale}, ground, stop);
  if (frames == 1) return finished(arrangement.of(roll), layout, spec, surroundings, stop);

  std::vector<VImage> done;
  for (int i = 0; i < frames; ++i) {
    const VImage arranged = in_memory(arrangement.of(frame_at(roll, i, frames)), stop);
    done.push_back(in_memory(finished(arranged, layout, spec, surroundings, stop), stop));
  }
  return VImage::arrayjoin(done, VImage::option()->set("across", 1));
}

}  // namespace imageserver
