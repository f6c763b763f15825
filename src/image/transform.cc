#include "image/transform.h"

#include <optional>
#include <utility>
#include <vips/vips8>

#include "base/cancelled.h"
#include "base/log.h"
#include "image/codec/few_colours.h"
#include "image/codec/metadata.h"
#include "image/codec/quality_search.h"
#include "image/colour/to_srgb.h"
#include "image/direct/direct.h"
#include "image/memory.h"
#include "image/original.h"
#include "image/plan/geometry.h"
#include "image/plan/limits.h"
#include "image/plan/result_format.h"
#include "image/render.h"
#include "image/steps/watermark.h"
#include "image/vips/guard.h"
#include "image/vips/kill_switch.h"
#include "image/work.h"

namespace imageserver {
namespace {

using vips::VImage;

Error unreadable_watermark() { return {ErrorKind::kInternal, "the watermark cannot be read"}; }

// The opaque colour behind the picture; none if the result may be transparent.
std::optional<Colour> flat_colour(Format format, const TransformSpec& spec) {
  if (spec.background && spec.background->alpha == 255) return spec.background;
  if (!traits_of(format).alpha && !spec.background) return Colour{255, 255, 255, 255};
  return std::nullopt;
}

// The watermark, in the size that it has on a picture of size `picture`.
Result<VImage> render_watermark(const Bytes& bytes, const TransformSpec& spec, Size picture,
                                const TransformContext& context, const std::stop_token& stop) {
  const Result<Original> mark = open_original(bytes, first_frame(), context, stop);
  if (mark.has_error()) return mark.error();
  const Size own = Turn(mark->header.orientation).applied(mark->header.stored);
  const Size size = mark_size(own, picture, spec.watermark->scale, spec.dpr);
  TransformSpec sized;
  sized.width = size.width;
  sized.height = size.height;
  const Result<VImage> pixels = render_alone(*mark, sized, context.limits, stop);
  if (pixels.has_error()) return pixels.error();
  return in_memory(strip_metadata(*pixels, {}, true), stop);
}

// None if `spec` names none. Whatever is wrong with the file is not the client's fault: kInternal.
Result<std::optional<VImage>> watermark_for(const Bytes& bytes, const TransformSpec& spec,
                                            Size picture, const TransformContext& context,
                                            const std::stop_token& stop) {
  if (!spec.watermark) return std::optional<VImage>();
  const Result<VImage> mark =
      guarded(stop, [&] { return render_watermark(bytes, spec, picture, context, stop); });
  if (mark.has_value()) return std::optional<VImage>(*mark);
  if (stop.stop_requested()) return cancelled();
  log::error("watermark {}: {}", spec.watermark->name, mark.error().message);
  return unreadable_watermark();
}

// The file itself as the result. It keeps all its frames.
ImagePtr pass_through(const Original& original) {
  const bool moves = can_move(original.header.type);
  const auto frames = static_cast<std::uint32_t>(moves ? original.header.pages : 1);
  return draft(*format_of(original.header.type), original.bytes, {frames, frames});
}

Demand trimming_demand(const Original& original) {
  return {.work = trimming_work(original), .memory = trimming_memory(original)};
}

class Transformation {
 public:
  Transformation(const TransformSpec& spec, const TransformContext& context, const Bytes& watermark,
                 const std::stop_token& stop, const Admit& admit)
      : spec_(spec), context_(context), watermark_(watermark), stop_(stop), admit_(admit) {}

  [[nodiscard]] Result<ImagePtr> run(const Bytes& source) const {
    const Result<Original> original = open_original(source, spec_, context_, stop_);
    if (original.has_error()) return original.error();
    return original->passes_through ? pass_through(*original) : render_and_encode(*original);
  }

 private:
  [[nodiscard]] Result<ImagePtr> render_and_encode(const Original& original) const {
    if (decodes_first(original, spec_) && !may_begin(admit_, trimming_demand(original)))
      return cancelled();
    const Result<Prepared> prepared = prepare(original, spec_, stop_);
    if (prepared.has_error()) return prepared.error();
    const Layout& layout = prepared->layout;
    if (const auto error = check_layout(layout, original.pages.count, spec_, context_.limits))
      return *error;
    const Format format = result_format(original.header, original.pages, layout, spec_,
                                        context_.avif_auto_max_pixels);
    if (const auto error = check_codec(format, layout.canvas.size)) return *error;
    if (stop_.stop_requested()) return cancelled();

    const DirectJob job{original.bytes, original.header, layout, spec_, format};
    if (!may_begin(admit_, demand_of(original, job))) return cancelled();
    if (const auto bytes = encode_directly(job, stop_))
      return draft(format, *bytes, original.frames);
    return render_and_encode_by_libvips(original, *prepared, format);
  }

  [[nodiscard]] Demand demand_of(const Original& original, const DirectJob& job) const {
    const double scale = decoding_scale(original, job.layout, spec_, context_.limits.max_pixels);
    const Way way = goes_directly(job) ? Way::kDirect : Way::kLibvips;
    return {.work = rendering_work(original, scale, job.layout, spec_, job.format, way),
            .memory = rendering_memory(original, scale, job.layout, spec_, job.format, way) +
                      mark_memory()};
  }

  // What is wrong with the file is said when it is read.
  [[nodiscard]] std::int64_t mark_memory() const {
    if (!spec_.watermark) return 0;
    const Result<Original> mark =
        guarded(stop_, [&] { return open_original(watermark_, first_frame(), context_, stop_); });
    return mark.has_value() ? watermark_memory(*mark) : 0;
  }

  [[nodiscard]] Result<ImagePtr> render_and_encode_by_libvips(const Original& original,
                                                              const Prepared& prepared,
                                                              Format format) const {
    const Size canvas = prepared.layout.canvas.size;
    const auto mark = watermark_for(watermark_, spec_, canvas, context_, stop_);
    if (mark.has_error()) return mark.error();
    const Surroundings surroundings{flat_colour(format, spec_), *mark, context_.limits.max_pixels};
    const VImage pixels = render(original, prepared, spec_, surroundings, stop_);
    Result<Bytes> data = encode_pixels(pixels, original.pages, format);
    if (data.has_error()) return data.error();
    return draft(format, *std::move(data), original.frames);
  }

  [[nodiscard]] Result<Bytes> encode_pixels(const VImage& pixels, const Pages& pages,
                                            Format format) const {
    const VImage flat = traits_of(format).alpha ? pixels : flatten_on_white(pixels);
    const VImage stripped = strip_metadata(flat, pages, spec_.strip);
    const VImage image =
        has_palette(format, spec_) ? with_few_colours(stripped, *spec_.colors, stop_) : stripped;
    return encode_to_fit(image, format, spec_, stop_);
  }

  const TransformSpec& spec_;
  const TransformContext& context_;
  const Bytes& watermark_;
  const std::stop_token& stop_;
  const Admit& admit_;
};

}  // namespace

Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                           const std::stop_token& stop, const TransformContext& context,
                           const Bytes& watermark, const Admit& admit) {
  return guarded(stop,
                 [&] { return Transformation(spec, context, watermark, stop, admit).run(source); });
}

}  // namespace imageserver
