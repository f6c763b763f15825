#include "image/steps/apply_layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "image/colour/to_srgb.h"
#include "image/plan/convert_first.h"
#include "image/steps/alpha.h"
#include "image/steps/rotate.h"
#include "image/steps/smart_crop.h"
#include "image/steps/turn.h"
#include "image/vips/kill_switch.h"

namespace imageserver {
namespace {

using vips::VImage;

// Rows above a cut. libvips skips them in one call that cannot be stopped, at 180 us a row. Above
// this many the frame goes to memory instead: 4 us a row, and it can be stopped.
constexpr int kLongSkip = 2048;

std::int64_t rows_above_cut(const Layout& layout) {
  const Axis& y = layout.plan.y;
  return layout.cut.top + y.start + std::int64_t{y.offset} * y.length / y.scaled;
}

// The part of a loaded frame that `box` is in the stored frame.
Box scaled_box(const Box& box, Size stored, Size frame) {
  if (frame == stored) return box;
  const auto scaled = [](int at, int from, int to) {
    return static_cast<int>(std::lround(static_cast<double>(at) * to / from));
  };
  const int left = std::min(scaled(box.left, stored.width, frame.width), frame.width - 1);
  const int top = std::min(scaled(box.top, stored.height, frame.height), frame.height - 1);
  const int right = scaled(box.left + box.size.width, stored.width, frame.width);
  const int bottom = scaled(box.top + box.size.height, stored.height, frame.height);
  return {left, top, {std::max(1, right - left), std::max(1, bottom - top)}};
}

// The size that a part of a stored frame has in `frame`, which was drawn `scale` times as large.
std::optional<Size> drawn(const std::optional<Size>& part, double scale, const VImage& frame) {
  if (!part) return std::nullopt;
  const auto side = [scale](int stored, int most) {
    return std::clamp(static_cast<int>(std::lround(stored * scale)), 1, most);
  };
  return Size{side(part->width, frame.width()), side(part->height, frame.height())};
}

}  // namespace

bool holds_frames(const Layout& layout, const TransformSpec& spec) {
  return spec.resampling == Resampling::kNearestNeighbor || rows_above_cut(layout) > kLongSkip;
}

LayoutApplier::LayoutApplier(const Layout& layout, const TransformSpec& spec,
                             const LoadedFrames& loaded, const std::optional<Colour>& ground,
                             std::stop_token stop)
    : layout_(layout), spec_(spec), loaded_(loaded), ground_(ground), stop_(std::move(stop)) {}

VImage LayoutApplier::apply(const VImage& frame) {
  const Box cut = scaled_box(layout_.cut, loaded_.stored, {frame.width(), frame.height()});
  const VImage part = cut_out(reachable(frame), cut);
  return layout_.rotation == 0 ? turned_last(part) : rotated_first(part);
}

bool LayoutApplier::jumps() const { return spec_.resampling == Resampling::kNearestNeighbor; }

VImage LayoutApplier::reachable(const VImage& frame) const {
  return holds_frames(layout_, spec_) ? in_memory(frame, stop_) : frame;
}

// Turns after the resize, as the picture is nearly always smaller then.
VImage LayoutApplier::turned_last(const VImage& part) {
  const VImage small =
      scaled(converted(part), spec_.gamma_correction ? Averaged::kLight : Averaged::kValues);
  return layout_.turn.is_none() ? small : turned(in_memory(small, stop_), layout_.turn);
}

// The decoder has left conversion to be done where it is dear.
bool LayoutApplier::converts_first(const VImage& part) const {
  return is_srgb(part) || is_converted_first(layout_.cut);
}

VImage LayoutApplier::converted(const VImage& part) const {
  return to_srgb(converts_first(part) ? part : not_much_larger(part));
}

VImage LayoutApplier::rotated_first(const VImage& part) {
  const VImage small =
      converts_first(part) ? not_much_larger(to_srgb(part)) : to_srgb(not_much_larger(part));
  const VImage pixels = in_memory(small, stop_);
  const VImage upright = turned(pixels, layout_.turn);
  return ground_ && !upright.has_alpha() ? rotated_on_ground(upright)
                                         : rotated_transparently(upright);
}

VImage LayoutApplier::rotated_on_ground(const VImage& upright) {
  const auto [image, ground] = matched(upright, *ground_);
  return scaled(rotated(image, layout_.rotation, spec_.interpolation, ground),
                spec_.gamma_correction ? Averaged::kLight : Averaged::kValues);
}

VImage LayoutApplier::rotated_and_weighed(const VImage& upright) const {
  if (!upright.has_alpha()) {
    return rotated_on_nothing(upright, layout_.rotation, spec_.interpolation);
  }
  const VImage image = weighed(upright);
  const std::vector<double> nothing(static_cast<std::size_t>(image.bands()), 0.0);
  return rotated(image, layout_.rotation, spec_.interpolation, nothing);
}

// Keeps alpha multiplied in through the resize where it can: multiplying and dividing cost more
// than all the rest.
VImage LayoutApplier::rotated_transparently(const VImage& upright) {
  const VImage slanted = rotated_and_weighed(upright);
  if (spec_.gamma_correction) return scaled(unweighed(slanted), Averaged::kLight);
  if (layout_.interest_before || layout_.interest_after) {
    return scaled(unweighed(slanted), Averaged::kValues);
  }
  return unweighed(scaled(slanted, Averaged::kWeighed));
}

// Before something that is dear, scales a part that is much larger than the result down to twice
// the result. The plan does the rest afterwards. It looks the same, and costs less.
VImage LayoutApplier::not_much_larger(const VImage& part) const {
  const Plan& plan = layout_.plan;
  const double shrink = std::min(plan.x.length * loaded_.scale / plan.x.scaled,
                                 plan.y.length * loaded_.scale / plan.y.scaled) /
                        2;
  if (shrink <= 1 || jumps()) return part;
  const auto smaller = [shrink](int side) {
    return std::max(1, static_cast<int>(std::lround(side / shrink)));
  };
  const Size size{smaller(part.width()), smaller(part.height())};
  const Plan whole = plan_to_scale({part.width(), part.height()}, size);
  return spec_.gamma_correction
             ? resize(to_srgb(part), whole, 1, spec_.resampling, Averaged::kLight, stop_)
             : resize(part, whole, 1, spec_.resampling, Averaged::kValues, stop_);
}

VImage LayoutApplier::scaled(const VImage& image, Averaged averaged) {
  const VImage all = jumps() ? in_memory(image, stop_) : image;
  const VImage part = interesting(all, drawn(layout_.interest_before, loaded_.scale, all), before_);
  const VImage small = resize(part, layout_.plan, loaded_.scale, spec_.resampling, averaged, stop_);
  return interesting(small, layout_.interest_after, after_);
}

VImage LayoutApplier::interesting(const VImage& image, const std::optional<Size>& size,
                                  std::optional<Box>& found) const {
  if (!size) return image;
  const VImage pixels = in_memory(image, stop_);
  if (!found) found = smart_crop(pixels, *size, spec_.gravity.kind, stop_);
  return cut_out(pixels, *found);
}

}  // namespace imageserver
