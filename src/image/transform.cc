#include "image/transform.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vips/vips8>

#include "base/log.h"
#include "formats/structure.h"
#include "image/codec/few_colours.h"
#include "image/codec/metadata.h"
#include "image/codec/quality_search.h"
#include "image/colour/colour.h"
#include "image/direct/direct.h"
#include "image/original.h"
#include "image/plan/pages.h"
#include "image/render.h"
#include "image/steps/watermark.h"
#include "image/vips/guard.h"
#include "image/vips/kill_switch.h"
#include "params/choose_format.h"

namespace imageserver {
namespace {

using vips::VImage;

Error unreadable_watermark() { return {ErrorKind::kInternal, "the watermark cannot be read"}; }

// What only says how something else is done does not count.
bool asks_for_nothing(const TransformSpec& spec) {
  TransformSpec rest = spec;
  const TransformSpec nothing;
  rest.source = nothing.source;
  rest.format = nothing.format;
  rest.auto_format = nothing.auto_format;
  rest.interpolation = nothing.interpolation;
  rest.dpr = nothing.dpr;
  rest.mode = nothing.mode;
  rest.enlarge = nothing.enlarge;
  rest.gravity = nothing.gravity;
  rest.resampling = nothing.resampling;
  rest.gamma_correction = nothing.gamma_correction;
  return rest == nothing;
}

// By the header: whether any pixel is really seen through is not known yet.
bool has_alpha(const Header& header, const Layout& layout, const TransformSpec& spec) {
  if (spec.background && spec.background->alpha == 255) return false;
  return header.alpha || layout.rotation != 0 || spec.radius > 0 ||
         layout.canvas.size != layout.picture;
}

ResultFacts facts_of(const Original& original, const Layout& layout, const TransformSpec& spec) {
  return {.source = original.header.type,
          .moves = original.pages.count > 1,
          .alpha = has_alpha(original.header, layout, spec),
          .pixels = area(layout.canvas.size)};
}

// Behind everything transparent; none where the result can be seen through.
std::optional<Colour> flat_colour(Format format, const TransformSpec& spec) {
  if (spec.background && spec.background->alpha == 255) return spec.background;
  if (format == Format::kJpeg && !spec.background) return Colour{255, 255, 255, 255};
  return std::nullopt;
}

std::optional<Error> check_sizes(const Original& original, const ImageLimits& limits) {
  return check_source(original.header.stored, original.pages.count, limits);
}

Result<VImage> draw(const Original& original, const TransformSpec& spec, const ImageLimits& limits,
                    const std::stop_token& stop) {
  const Result<Prepared> prepared = prepare(original, spec, stop);
  if (prepared.has_error()) return prepared.error();
  return render(original, *prepared, spec, {{}, {}, limits.max_pixels}, stop);
}

// In the size it has in the result.
Result<VImage> draw_watermark(const Bytes& bytes, const TransformSpec& spec, Size picture,
                              const TransformContext& context, const std::stop_token& stop) {
  const Result<Header> header = examine(bytes, 0, context, stop);
  if (header.has_error()) return header.error();
  if (!is_sound(bytes.view(), header->type, max_scans(header->stored))) return damaged();
  const Original mark{bytes, *header, {}, context.draw_program};
  if (const auto error = check_sizes(mark, context.limits)) return *error;
  const Size own = Turn(header->orientation).applied(header->stored);
  const Size size = mark_size(own, picture, spec.watermark->scale, spec.dpr);
  TransformSpec sized;
  sized.width = size.width;
  sized.height = size.height;
  const Result<VImage> drawn = draw(mark, sized, context.limits, stop);
  if (drawn.has_error()) return drawn.error();
  return in_memory(strip_metadata(*drawn, {}, true), stop);
}

// Whatever is wrong with it is not the client's fault.
Result<std::optional<VImage>> read_watermark(const Bytes& bytes, const TransformSpec& spec,
                                             Size picture, const TransformContext& context,
                                             const std::stop_token& stop) {
  if (!spec.watermark) return std::optional<VImage>();
  const Result<VImage> mark =
      guarded(stop, [&] { return draw_watermark(bytes, spec, picture, context, stop); });
  if (mark.has_value()) return std::optional<VImage>(*mark);
  if (stop.stop_requested()) return cancelled();
  log::error("watermark {}: {}", spec.watermark->name, mark.error().message);
  return unreadable_watermark();
}

class Transformation {
 public:
  Transformation(const TransformSpec& spec, const TransformContext& context, const Bytes& watermark,
                 const std::stop_token& stop)
      : spec_(spec), context_(context), watermark_(watermark), stop_(stop) {}

  Result<ImagePtr> run(const Bytes& source) const {
    const Result<Header> header = examine(source, spec_.page.value_or(0), context_, stop_);
    if (header.has_error()) return header.error();
    if (stop_.stop_requested()) return cancelled();
    const Result<PageChoice> choice = choose_pages(spec_, *header, context_.limits);
    if (choice.has_error()) return choice.error();
    const Original original{source, *header, choice->pages, context_.draw_program};
    if (const auto error = check_sizes(original, context_.limits)) return *error;
    if (passes_through(original)) return pass_through(original);
    return produce(original, choice->frames);
  }

 private:
  [[nodiscard]] bool passes_through(const Original& original) const {
    const std::optional<Format> own = format_of(original.header.type);
    if (!own || !asks_for_nothing(spec_)) return false;
    const Layout layout = lay_out({}, whole_of(original.header.stored), {});
    return choose_format(spec_, facts_of(original, layout, spec_), context_.avif_auto_max_pixels) ==
           own;
  }

  // An original keeps all its frames.
  static ImagePtr pass_through(const Original& original) {
    const bool moves = can_move(original.header.type);
    const auto frames = static_cast<std::uint32_t>(moves ? original.header.pages : 1);
    return make_image(*format_of(original.header.type), original.bytes, {frames, frames});
  }

  [[nodiscard]] Result<ImagePtr> produce(const Original& original, const Frames& frames) const {
    const Header& header = original.header;
    if (!is_sound(original.bytes.view(), header.type, max_scans(header.stored))) return damaged();
    Result<Prepared> prepared = prepare(original, spec_, stop_);
    if (prepared.has_error()) return prepared.error();
    const Layout& layout = prepared->layout;
    if (const auto error = check_layout(layout, original.pages.count, spec_, context_.limits))
      return *error;
    const Format format =
        choose_format(spec_, facts_of(original, layout, spec_), context_.avif_auto_max_pixels);
    if (const auto error = check_codec(format, layout.canvas.size)) return *error;
    if (stop_.stop_requested()) return cancelled();

    const DirectJob job{original.bytes, header, layout, spec_, format};
    if (const auto bytes = encode_directly(job, stop_)) return make_image(format, *bytes, frames);
    const Result<VImage> pixels = draw_all(original, *prepared, flat_colour(format, spec_));
    if (pixels.has_error()) return pixels.error();
    return finish(*pixels, original.pages, format, frames);
  }

  [[nodiscard]] Result<VImage> draw_all(const Original& original, const Prepared& prepared,
                                        const std::optional<Colour>& flat) const {
    const Size canvas = prepared.layout.canvas.size;
    const auto mark = read_watermark(watermark_, spec_, canvas, context_, stop_);
    if (mark.has_error()) return mark.error();
    return render(original, prepared, spec_, {flat, *mark, context_.limits.max_pixels}, stop_);
  }

  [[nodiscard]] Result<ImagePtr> finish(const VImage& pixels, const Pages& pages, Format format,
                                        const Frames& frames) const {
    const VImage flat = format == Format::kJpeg ? flatten_on_white(pixels) : pixels;
    const VImage kept = strip_metadata(flat, pages, spec_.strip);
    const VImage image =
        has_palette(format, spec_) ? with_few_colours(kept, *spec_.colors, stop_) : kept;
    Result<Bytes> data = encode_to_fit(image, format, spec_, stop_);
    if (data.has_error()) return data.error();
    return make_image(format, *std::move(data), frames);
  }

  const TransformSpec& spec_;
  const TransformContext& context_;
  const Bytes& watermark_;
  const std::stop_token& stop_;
};

}  // namespace

Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                           const std::stop_token& stop, const TransformContext& context,
                           const Bytes& watermark) {
  return guarded(stop, [&] { return Transformation(spec, context, watermark, stop).run(source); });
}

}  // namespace imageserver
