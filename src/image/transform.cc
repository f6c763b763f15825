#include "image/transform.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>
#include <vector>
#include <vips/vips8>

#include "base/log.h"
#include "image/colour.h"
#include "image/decode.h"
#include "image/encode.h"
#include "image/geometry.h"
#include "image/kill_switch.h"
#include "image/metadata.h"
#include "image/resize.h"
#include "image/sniff.h"
#include "image/structure.h"

namespace imageserver {
namespace {

using vips::VImage;

// Rows. libvips passes over the rows above a cut in one call that nothing can stop, and takes 180
// us for each; writing all of them to memory takes 4 us for each and can be stopped.
constexpr int kLongSkip = 2048;

std::int64_t rows_above_cut(const Axis& y) {
  return y.start + std::int64_t{y.offset} * y.length / y.scaled;
}

Error damaged() { return {ErrorKind::kUnprocessable, "the picture is damaged or incomplete"}; }

Error cancelled() { return {ErrorKind::kCancelled, "nobody waits for the picture any more"}; }

bool can_move(Format format) { return format == Format::kGif || format == Format::kWebp; }

bool asks_for_nothing(const TransformSpec& spec, Format source) {
  return spec.width == 0 && spec.height == 0 && !spec.quality &&
         spec.format.value_or(source) == source;
}

Plan plan_for(const Header& header, Size result, const TransformSpec& spec) {
  const bool both = spec.width > 0 && spec.height > 0;
  const Plan plan = make_plan(header.upright(), result, both ? spec.mode : Mode::kStretch);
  return as_stored(plan, header.stored, header.orientation);
}

VImage copy_to_memory(const VImage& image, const std::stop_token& stop) {
  const KillSwitch kill(image, stop);
  return image.copy_memory();
}

VImage resize_stoppably(const VImage& frame, const Plan& plan, Resampling resampling,
                        const std::stop_token& stop) {
  const bool far_down = rows_above_cut(plan.y) > kLongSkip;
  return resize(far_down ? copy_to_memory(frame, stop) : frame, plan, resampling);
}

// After the resize, which leaves the smaller picture to turn in nearly every case.
VImage orient(const VImage& image, int orientation, const std::stop_token& stop) {
  return orientation == 1 ? image : copy_to_memory(image, stop).autorot();
}

VImage finish_colour(const VImage& image, Format format) {
  const VImage colour = to_srgb(image);
  return format == Format::kJpeg ? flatten_on_white(colour) : colour;
}

// One frame at a time, so that none takes colour from its neighbour's edge.
VImage render_frames(const VImage& roll, int frames, const Plan& plan, const Header& header,
                     const TransformSpec& spec, const std::stop_token& stop) {
  const int height = roll.height() / frames;
  std::vector<VImage> done;
  for (int i = 0; i < frames; ++i) {
    const VImage frame = roll.extract_area(0, i * height, roll.width(), height);
    const VImage small = copy_to_memory(resize_stoppably(frame, plan, spec.resampling, stop), stop);
    done.push_back(orient(small, header.orientation, stop));
  }
  return VImage::arrayjoin(done, VImage::option()->set("across", 1));
}

VImage render(const Bytes& source, const Header& header, int frames, const Plan& plan,
              const TransformSpec& spec, const std::stop_token& stop) {
  const double shrink = frames == 1 ? shrink_on_load(header, plan, spec.resampling) : 1.0;
  const VImage decoded = decode(source, header, frames, shrink);
  if (frames > 1) return render_frames(decoded, frames, plan, header, spec, stop);
  return orient(resize_stoppably(decoded, plan, spec.resampling, stop), header.orientation, stop);
}

Result<ImagePtr> produce(const Bytes& source, const Header& header, const TransformSpec& spec,
                         const std::stop_token& stop, const ImageLimits& limits) {
  const Format format = spec.format.value_or(header.format);
  const int frames = can_move(format) ? std::min(header.frames, limits.max_frames) : 1;
  if (const auto error = check_source(header.stored, frames, limits)) return *error;
  const Size result = result_size(header.upright(), spec);
  if (const auto error = check_result(result, frames, spec)) return *error;
  if (!is_sound(source.view(), header.format, max_scans(header.stored))) return damaged();
  if (stop.stop_requested()) return cancelled();

  const Plan plan = plan_for(header, result, spec);
  const VImage pixels = render(source, header, frames, plan, spec, stop);
  const VImage image = keep_essentials(finish_colour(pixels, format), frames);
  if (stop.stop_requested()) return cancelled();
  const KillSwitch kill(image, stop);
  Bytes data = encode(image, format, spec.quality);

  const int total = can_move(format) ? header.frames : 1;
  return make_image(format, std::move(data),
                    {static_cast<std::uint32_t>(frames), static_cast<std::uint32_t>(total)});
}

Result<ImagePtr> pass_through(const Bytes& source, const Header& header,
                              const ImageLimits& limits) {
  const int frames = std::min(header.frames, limits.max_frames);
  if (const auto error = check_source(header.stored, frames, limits)) return *error;
  const auto total = static_cast<std::uint32_t>(header.frames);
  return make_image(header.format, source, {total, total});
}

Result<ImagePtr> run(const Bytes& source, const TransformSpec& spec, const std::stop_token& stop,
                     const ImageLimits& limits) {
  const auto format = sniff(source.view());
  if (!format)
    return Error{ErrorKind::kUnprocessable,
                 "not a picture in a format we read (JPEG, PNG, GIF, WebP)"};
  if (const auto error = check_bytes(source.size())) return *error;
  if (stop.stop_requested()) return cancelled();
  const Header header = read_header(source, *format);
  if (asks_for_nothing(spec, *format)) return pass_through(source, header, limits);
  return produce(source, header, spec, stop, limits);
}

// The buffer belongs to the whole process: its text may tell of another thread's picture, and is
// for the log only.
void log_and_clear_vips_errors() {
  const std::unique_ptr<char, decltype(&g_free)> text(vips_error_buffer_copy(), &g_free);
  log::debug("libvips: {}", text.get());
}

}  // namespace

Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                           const std::stop_token& stop, const ImageLimits& limits) {
  try {
    return run(source, spec, stop, limits);
  } catch (const vips::VError&) {
    log_and_clear_vips_errors();
    return stop.stop_requested() ? cancelled() : damaged();
  } catch (const std::exception& error) {
    log::warn("transform failed: {}", error.what());
    return Error{ErrorKind::kInternal, "the picture could not be made"};
  }
}

}  // namespace imageserver
