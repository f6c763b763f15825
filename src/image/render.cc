#include "image/render.h"

#include <optional>
#include <vector>

#include "image/plan/load_scale.h"
#include "image/steps/apply_layout.h"
#include "image/steps/effect_table.h"
#include "image/steps/trim.h"
#include "image/vips/kill_switch.h"

namespace imageserver {
namespace {

using vips::VImage;

VImage frame_at(const VImage& roll, int index, int frames) {
  const int height = roll.height() / frames;
  return frames == 1 ? roll : roll.extract_area(0, index * height, roll.width(), height);
}

VImage apply_steps_to(const VImage& frame, const StepContext& context,
                      const std::stop_token& stop) {
  const bool needs = needs_memory(context.spec, context.layout);
  return apply_steps(needs ? in_memory(frame, stop) : frame, context);
}

// The smallest box that holds what lies inside the border of each frame.
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

bool decodes_first(const Original& original, const TransformSpec& spec) {
  return spec.trim.has_value() || original.lacked_end;
}

Result<Prepared> prepare(const Original& original, const TransformSpec& spec,
                         const std::stop_token& stop) {
  const Header& header = original.header;
  const Result<Box> cut = cut_of(spec, header.stored, header.orientation);
  if (cut.has_error()) return cut.error();
  const Turn turn = turn_of(spec, header.orientation);
  if (!decodes_first(original, spec))
    return Prepared{lay_out(spec, *cut, turn, header.natural), std::nullopt};
  const VImage roll = in_memory(decode(original, 1.0), stop);
  if (!spec.trim) return Prepared{lay_out(spec, *cut, turn), roll};
  const Box rest = border_of(roll, *cut, original.pages.count, *spec.trim, stop);
  if (is_vector(header.type))
    return Prepared{lay_out(spec, rest, turn, header.natural), std::nullopt};
  return Prepared{lay_out(spec, rest, turn), roll};
}

double decoding_scale(const Original& original, const Layout& layout, const TransformSpec& spec,
                      std::int64_t max_pixels) {
  return original.pages.count == 1 ? load_scale(original.header, layout, spec, max_pixels) : 1.0;
}

VImage render(const Original& original, const Prepared& prepared, const TransformSpec& spec,
              const Surroundings& surroundings, const std::stop_token& stop) {
  const Layout& layout = prepared.layout;
  const int frames = original.pages.count;
  const double scale = decoding_scale(original, layout, spec, surroundings.max_pixels);
  const VImage roll = prepared.decoded ? *prepared.decoded : decode(original, scale);
  const auto ground = has_effects(spec, layout) ? std::nullopt : surroundings.flat;
  LayoutApplier applier(layout, spec, {original.header.stored, scale}, ground, stop);
  const StepContext context{spec, layout, surroundings.flat, surroundings.watermark};
  if (frames == 1) return apply_steps_to(applier.apply(roll), context, stop);

  std::vector<VImage> done;
  for (int i = 0; i < frames; ++i) {
    const VImage frame = in_memory(applier.apply(frame_at(roll, i, frames)), stop);
    done.push_back(in_memory(apply_steps_to(frame, context, stop), stop));
  }
  return VImage::arrayjoin(done, VImage::option()->set("across", 1));
}

Result<VImage> render_alone(const Original& original, const TransformSpec& spec,
                            const ImageLimits& limits, const std::stop_token& stop) {
  const Result<Prepared> prepared = prepare(original, spec, stop);
  if (prepared.has_error()) return prepared.error();
  return render(original, *prepared, spec, {{}, {}, limits.max_pixels}, stop);
}

}  // namespace imageserver
