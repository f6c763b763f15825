#include "image/plan/geometry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "params/invalid_param.h"
#include "params/names.h"

namespace imageserver {
namespace {

// Source pixels kept on either side of a cut that is enlarged: those the resampling looks at.
constexpr int kMargin = 3;

// Within [1, the largest int].
int to_side(double length) {
  return static_cast<int>(std::clamp(length, 1.0, double{std::numeric_limits<int>::max()}));
}

// A frame as it is laid out: in whole pixels, and what its proportions are.
struct Frame {
  Size size;
  RealSize shape;
};

RealSize real(Size size) {
  return {static_cast<double>(size.width), static_cast<double>(size.height)};
}

// side * numerator / denominator, rounded.
int scale_side(double side, int numerator, double denominator) {
  return to_side(std::round(side * numerator / denominator));
}

// True if, at equal heights, `a` is at least as wide as `b`.
bool at_least_as_wide(const RealSize& a, Size b) {
  return a.width * b.height >= b.width * a.height;
}

Size fit_size(const RealSize& frame, Size box) {
  if (at_least_as_wide(frame, box)) {
    const int height = scale_side(frame.height, box.width, frame.width);
    return {box.width, std::min(height, box.height)};
  }
  const int width = scale_side(frame.width, box.height, frame.height);
  return {std::min(width, box.width), box.height};
}

Size cover_size(const RealSize& frame, Size box) {
  if (at_least_as_wide(frame, box)) {
    return {std::max(scale_side(frame.width, box.height, frame.height), box.width), box.height};
  }
  return {box.width, std::max(scale_side(frame.height, box.width, frame.width), box.height)};
}

// Whether `a` does not fit into `b`.
bool sticks_out(Size a, Size b) { return a.width > b.width || a.height > b.height; }

// The largest box of that shape that the frame can fill as it is.
Size fill_without_enlarging(Size frame, Size box) {
  return sticks_out(box, frame) ? fit_size(real(box), frame) : box;
}

Size smaller(Size a, Size b) { return {std::min(a.width, b.width), std::min(a.height, b.height)}; }

Size size_in_box(const Frame& frame, Size box, Mode mode, bool enlarge) {
  switch (mode) {
    case Mode::kStretch:
      return enlarge ? box : smaller(box, frame.size);
    case Mode::kFill:
      return enlarge ? box : fill_without_enlarging(frame.size, box);
    case Mode::kCover: {
      const Size size = cover_size(frame.shape, box);
      return enlarge || !sticks_out(size, frame.size) ? size : frame.size;
    }
    case Mode::kFit:
    case Mode::kPad:
    case Mode::kInside: {
      const Size size = fit_size(frame.shape, box);
      return enlarge || !sticks_out(size, frame.size) ? size : frame.size;
    }
  }
  return box;
}

// The size of the picture that the plan makes. A free side keeps the frame's proportions.
Size picture_size(const Frame& frame, const TransformSpec& spec) {
  const Size box = asked_size(spec);
  const bool enlarge = spec.enlarge && spec.mode != Mode::kInside;
  if (box.width == 0 && box.height == 0) return frame.size;
  if (box.width > 0 && box.height > 0) return size_in_box(frame, box, spec.mode, enlarge);
  const RealSize& shape = frame.shape;
  Size size = box;
  if (box.height == 0) size.height = scale_side(shape.height, box.width, shape.width);
  if (box.width == 0) size.width = scale_side(shape.width, box.height, shape.height);
  return enlarge || !sticks_out(size, frame.size) ? size : frame.size;
}

Axis whole(int side, int result) { return {side, 0, side, result, 0, result}; }

// Where a part of `size` begins whose middle is as near as can be to the point at `fraction`.
int part_offset(int side, int size, double fraction) {
  const int offset = static_cast<int>(std::floor(side * fraction - size / 2.0));
  return std::clamp(offset, 0, side - size);
}

// Cuts a side that is longer than the result once it is scaled, around `fraction` of it. A side
// that is shrunk is cut after scaling. One that is enlarged is cut before, with a margin, or the
// scaled side would have no bound. `exact` is the side's length before it was rounded: where it
// was, a cut before would lie beside whole pixels, and up to kLongestWhole it is made after.
Axis part(int side, double exact, int result, double scale, double fraction) {
  constexpr double kLongestWhole = 32'767;
  if (scale <= 1.0 || (exact != side && exact * scale <= kLongestWhole)) {
    const int scaled = std::max(result, static_cast<int>(std::lround(exact * scale)));
    return {side, 0, side, scaled, part_offset(scaled, result, fraction), result};
  }
  const double visible = result / scale;
  const double first =
      std::clamp(side * fraction - visible / 2, 0.0, std::max(0.0, side - visible));
  const int start = std::max(0, static_cast<int>(std::floor(first)) - kMargin);
  const int end = std::min(side, static_cast<int>(std::ceil(first + visible)) + kMargin);
  const int scaled = std::max(result, static_cast<int>(std::lround((end - start) * scale)));
  const int offset = static_cast<int>(std::lround((first - start) * scale));
  return {side, start, end - start, scaled, std::clamp(offset, 0, scaled - result), result};
}

Plan fill(const Frame& frame, Size result, const Gravity& gravity) {
  const auto& [size, shape] = frame;
  Plan plan = plan_to_scale(size, result);
  if (at_least_as_wide(shape, result)) {
    plan.x = part(size.width, shape.width, result.width, result.height / shape.height, gravity.x);
  } else {
    plan.y = part(size.height, shape.height, result.height, result.width / shape.width, gravity.y);
  }
  return plan;
}

Axis mirrored(const Axis& axis) {
  return {axis.side,   axis.side - axis.start - axis.length,  axis.length,
          axis.scaled, axis.scaled - axis.offset - axis.size, axis.size};
}

// From a plan for the frame as it is seen, makes the plan for the frame before its turn.
Plan before_turn(const Plan& plan, Turn turn) {
  Plan before = plan;
  if (turn.swaps_sides()) std::swap(before.x, before.y);
  const int exif = turn.exif();
  if (exif == 2 || exif == 3 || exif == 7 || exif == 8) before.x = mirrored(before.x);
  if (exif == 3 || exif == 4 || exif == 6 || exif == 7) before.y = mirrored(before.y);
  return before;
}

bool has_both_sides(const TransformSpec& spec) { return spec.width > 0 && spec.height > 0; }

// Plans a cut whose place follows the pixels, and is not known yet.
void plan_by_interest(Layout& layout, const Frame& frame) {
  const Size result = layout.picture;
  if (!sticks_out(result, frame.size)) {
    layout.plan = plan_to_scale(frame.size, cover_size(frame.shape, result));
    layout.interest_after = result;
  } else {
    const Size seen = fill_without_enlarging(frame.size, result);
    layout.plan = plan_to_scale(seen, result);
    layout.interest_before = seen;
  }
}

// Without a rotation the turn comes last: plan and cuts are made for the frame before its turn.
void take_before_turn(Layout& layout) {
  const Turn turn = layout.turn;
  layout.plan = before_turn(layout.plan, turn);
  if (layout.interest_before) layout.interest_before = turn.applied(*layout.interest_before);
  if (layout.interest_after) layout.interest_after = turn.applied(*layout.interest_after);
}

Box canvas_of(const TransformSpec& spec, Size picture) {
  if (spec.mode != Mode::kPad || !has_both_sides(spec)) return {0, 0, picture};
  const Size box = asked_size(spec);
  const Size room{box.width - picture.width, box.height - picture.height};
  return {static_cast<int>(std::floor(room.width * spec.gravity.x)),
          static_cast<int>(std::floor(room.height * spec.gravity.y)), box};
}

// Where a pixel goes, seen from the middle: x' = a x + b y, y' = c x + d y; y points down.
struct Matrix {
  int a, b, c, d;

  friend bool operator==(const Matrix&, const Matrix&) = default;
};

constexpr auto kTurns = std::to_array<Matrix>({{1, 0, 0, 1},
                                               {-1, 0, 0, 1},
                                               {-1, 0, 0, -1},
                                               {1, 0, 0, -1},
                                               {0, 1, 1, 0},
                                               {0, -1, 1, 0},
                                               {0, -1, -1, 0},
                                               {0, 1, -1, 0}});

const Matrix& matrix_of(Turn turn) { return kTurns.at(static_cast<std::size_t>(turn.exif()) - 1); }

Matrix product(const Matrix& l, const Matrix& r) {
  return {l.a * r.a + l.b * r.c, l.a * r.b + l.b * r.d, l.c * r.a + l.d * r.c,
          l.c * r.b + l.d * r.d};
}

Turn turn_with(const Matrix& matrix) {
  const auto* const found = std::ranges::find(kTurns, matrix);
  return Turn(static_cast<int>(found - kTurns.begin()) + 1);
}

RealSize turned(const RealSize& size, Turn turn) {
  return turn.swaps_sides() ? RealSize{size.height, size.width} : size;
}

double quarter_turns(double degrees) { return degrees / 90; }

bool is_quarter_turn(double degrees) {
  return quarter_turns(degrees) == std::floor(quarter_turns(degrees));
}

}  // namespace

Box whole_of(Size size) { return {0, 0, size}; }

Turn::Turn(Flip flip) : Turn(turn_with({flip.horizontal ? -1 : 1, 0, 0, flip.vertical ? -1 : 1})) {}

Turn Turn::quarters(int times) {
  Turn turn;
  for (int i = 0; i < times % 4; ++i) turn = turn.then(Turn(8));
  return turn;
}

Turn Turn::then(Turn next) const { return turn_with(product(matrix_of(next), matrix_of(*this))); }

Size Turn::applied(Size size) const { return swaps_sides() ? Size{size.height, size.width} : size; }

Box Turn::undone(const Box& turned, Size stored) const {
  const Size seen = applied(stored);
  const Plan part{{seen.width, turned.left, turned.size.width},
                  {seen.height, turned.top, turned.size.height}};
  const Plan before = before_turn(part, *this);
  return {before.x.start, before.y.start, {before.x.length, before.y.length}};
}

int scaled_length(int length, const TransformSpec& spec) {
  return length == 0 ? 0 : to_side(std::round(length * spec.dpr));
}

Size asked_size(const TransformSpec& spec) {
  return {scaled_length(spec.width, spec), scaled_length(spec.height, spec)};
}

Turn turn_of(const TransformSpec& spec, int orientation) {
  const Turn upright = Turn(spec.orient ? orientation : 1).then(Turn(spec.flip));
  if (!is_quarter_turn(spec.rotation)) return upright;
  return upright.then(Turn::quarters(static_cast<int>(quarter_turns(spec.rotation))));
}

Result<Box> cut_of(const TransformSpec& spec, Size stored, int orientation) {
  if (!spec.crop) return whole_of(stored);
  const Turn turn(spec.orient ? orientation : 1);
  const Size seen = turn.applied(stored);
  const int left = std::clamp(spec.crop->min_x, 0, seen.width);
  const int top = std::clamp(spec.crop->min_y, 0, seen.height);
  const int right = std::clamp(spec.crop->max_x, 0, seen.width);
  const int bottom = std::clamp(spec.crop->max_y, 0, seen.height);
  if (right <= left || bottom <= top) {
    return invalid_param(names::kCrop, "must hold a part of the picture, which is " +
                                           std::to_string(seen.width) + "x" +
                                           std::to_string(seen.height));
  }
  return turn.undone({left, top, {right - left, bottom - top}}, stored);
}

Size rotated_size(Size frame, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double sine = std::fabs(std::sin(angle));
  const double cosine = std::fabs(std::cos(angle));
  // Errors of the arithmetic must not add a pixel.
  constexpr double kHair = 1e-6;
  const double width = frame.width * cosine + frame.height * sine - kHair;
  const double height = frame.width * sine + frame.height * cosine - kHair;
  return {to_side(std::ceil(width)), to_side(std::ceil(height))};
}

Plan plan_to_scale(Size frame, Size result) {
  return {whole(frame.width, result.width), whole(frame.height, result.height)};
}

Layout lay_out(const TransformSpec& spec, const Box& cut, Turn turn,
               const std::optional<RealSize>& natural) {
  Layout layout;
  layout.cut = cut;
  layout.turn = turn;
  if (!is_quarter_turn(spec.rotation)) layout.rotation = spec.rotation;
  const bool rotates = layout.rotation != 0;
  const Size seen = turn.applied(cut.size);
  const Size size = rotates ? rotated_size(seen, layout.rotation) : seen;
  const bool is_exact = natural && !rotates && cut == whole_of(rounded(*natural));
  const Frame frame{size, is_exact ? turned(*natural, turn) : real(size)};
  layout.frame = size;
  layout.picture = picture_size(frame, spec);
  const bool fills = spec.mode == Mode::kFill && has_both_sides(spec);
  if (!fills) {
    layout.plan = plan_to_scale(size, layout.picture);
  } else if (spec.gravity.kind == Gravity::Kind::kPoint) {
    layout.plan = fill(frame, layout.picture, spec.gravity);
  } else {
    plan_by_interest(layout, frame);
  }
  if (!rotates) take_before_turn(layout);
  layout.canvas = canvas_of(spec, layout.picture);
  return layout;
}

}  // namespace imageserver
