#include "image/geometry.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace imageserver {
namespace {

// Source pixels kept on either side of a cut that is enlarged: those the resampling looks at.
constexpr int kMargin = 3;

// side * numerator / denominator, rounded, within [1, the largest int].
int scale_side(int side, int numerator, int denominator) {
  const std::int64_t product = std::int64_t{side} * numerator;
  const std::int64_t rounded = (product + denominator / 2) / denominator;
  return static_cast<int>(std::clamp<std::int64_t>(rounded, 1, std::numeric_limits<int>::max()));
}

// True if, at equal heights, `a` is at least as wide as `b`.
bool at_least_as_wide(Size a, Size b) {
  return std::int64_t{a.width} * b.height >= std::int64_t{b.width} * a.height;
}

Size fit_size(Size frame, Size box) {
  if (at_least_as_wide(frame, box)) {
    const int height = scale_side(frame.height, box.width, frame.width);
    return {box.width, std::min(height, box.height)};
  }
  const int width = scale_side(frame.width, box.height, frame.height);
  return {std::min(width, box.width), box.height};
}

Axis whole(int side, int result) { return {0, side, result, 0, result}; }

// The middle of a side that, scaled, is longer than the result. Where it is shrunk the cut comes
// after scaling; where it is enlarged the part that is not seen must go first, or the scaled side
// has no bound.
Axis middle(int side, int result, double scale) {
  if (scale <= 1.0) {
    const int scaled = std::max(result, static_cast<int>(std::lround(side * scale)));
    return {0, side, scaled, (scaled - result) / 2, result};
  }
  const double visible = result / scale;
  const double first = (side - visible) / 2;
  const int start = std::max(0, static_cast<int>(std::floor(first)) - kMargin);
  const int end = std::min(side, static_cast<int>(std::ceil(first + visible)) + kMargin);
  const int scaled = std::max(result, static_cast<int>(std::lround((end - start) * scale)));
  const int offset = static_cast<int>(std::lround((first - start) * scale));
  return {start, end - start, scaled, std::clamp(offset, 0, scaled - result), result};
}

Axis mirrored(const Axis& axis, int side) {
  return {side - axis.start - axis.length, axis.length, axis.scaled,
          axis.scaled - axis.offset - axis.size, axis.size};
}

}  // namespace

Size transposed(Size size) { return {size.height, size.width}; }

Size result_size(Size frame, const TransformSpec& spec) {
  if (spec.width == 0 && spec.height == 0) return frame;
  if (spec.height == 0) return {spec.width, scale_side(frame.height, spec.width, frame.width)};
  if (spec.width == 0) return {scale_side(frame.width, spec.height, frame.height), spec.height};
  const Size box{spec.width, spec.height};
  return spec.mode == Mode::kFit ? fit_size(frame, box) : box;
}

Plan make_plan(Size frame, Size result, Mode mode) {
  const Axis x = whole(frame.width, result.width);
  const Axis y = whole(frame.height, result.height);
  if (mode != Mode::kFill) return {x, y};
  if (at_least_as_wide(frame, result)) {
    const double scale = static_cast<double>(result.height) / frame.height;
    return {middle(frame.width, result.width, scale), y};
  }
  const double scale = static_cast<double>(result.width) / frame.width;
  return {x, middle(frame.height, result.height, scale)};
}

bool swaps_sides(int orientation) { return orientation >= 5; }

Plan as_stored(const Plan& upright, Size stored, int orientation) {
  Plan plan = upright;
  if (swaps_sides(orientation)) std::swap(plan.x, plan.y);
  const bool x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  if (x) plan.x = mirrored(plan.x, stored.width);
  if (y) plan.y = mirrored(plan.y, stored.height);
  return plan;
}

}  // namespace imageserver
