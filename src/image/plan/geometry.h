// Sizes, cuts and turns, in whole pixels and without a word of libvips: what size the result has,
// and which part of a frame becomes it.

#ifndef IMAGESERVER_IMAGE_PLAN_GEOMETRY_H_
#define IMAGESERVER_IMAGE_PLAN_GEOMETRY_H_

#include <cstdint>
#include <optional>

#include "formats/size.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// A part of a frame, in pixels from its left and its top.
struct Box {
  int left = 0;
  int top = 0;
  Size size;

  friend bool operator==(const Box&, const Box&) = default;
};

[[nodiscard]] Box whole_of(Size size);

// One of the eight ways to lay a rectangle on its sides and its back: what EXIF's orientations,
// flips and quarter turns come down to.
class Turn {
 public:
  Turn() = default;

  // An orientation as EXIF counts them; anything but 1 to 8 turns nothing.
  explicit Turn(int exif) : exif_(exif >= 1 && exif <= 8 ? exif : 1) {}

  explicit Turn(Flip flip);

  // Counter-clockwise, as often as said.
  [[nodiscard]] static Turn quarters(int times);

  // This one first.
  [[nodiscard]] Turn then(Turn next) const;

  [[nodiscard]] int exif() const { return exif_; }
  [[nodiscard]] bool is_none() const { return exif_ == 1; }
  [[nodiscard]] bool swaps_sides() const { return exif_ >= 5; }

  [[nodiscard]] Size applied(Size size) const;

  // The part of a frame of size `stored` that lies at `turned` once the frame is turned.
  [[nodiscard]] Box undone(const Box& turned, Size stored) const;

  friend bool operator==(const Turn&, const Turn&) = default;

 private:
  int exif_ = 1;
};

// One side: of `side` pixels of the source `length` from `start` on become `scaled` pixels, of
// which `size` from `offset` on stay.
struct Axis {
  int side = 0;
  int start = 0;
  int length = 0;
  int scaled = 0;
  int offset = 0;
  int size = 0;

  friend bool operator==(const Axis&, const Axis&) = default;
};

struct Plan {
  Axis x;
  Axis y;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// What becomes of a frame, step by step.
struct Layout {
  Box cut;              // of the frame as it is stored: nothing but this is looked at
  Turn turn;            // before the rotation; where there is none, after the plan
  double rotation = 0;  // degrees counter-clockwise; never quarter turns, which are in `turn`
  Size frame;           // what is there to be scaled, as it is seen
  Plan plan;            // scales and cuts, in the order that `turn` says

  // Where the cut is not known before the pixels are: of the scaled picture, or, where that would
  // be larger than its source, of the source, this much stays.
  std::optional<Size> interest_before;
  std::optional<Size> interest_after;

  Size picture;  // what all that makes
  Box canvas;    // where that lies in the result, and the result's size
};

// What the parameters that count in pixels of the result say, times `dpr`. Rounded, and never
// scaled down to nothing.
[[nodiscard]] Size asked_size(const TransformSpec& spec);
[[nodiscard]] int scaled_length(int length, const TransformSpec& spec);

// The quarter turns, flips and the orientation of `spec`, as one.
[[nodiscard]] Turn turn_of(const TransformSpec& spec, int orientation);

// The part of a stored frame that `spec.crop` leaves. kInvalidParam if it leaves nothing.
// REQUIRES: both sides are positive. The same holds below.
[[nodiscard]] Result<Box> cut_of(const TransformSpec& spec, Size stored, int orientation);

// The smallest upright box around a frame that was rotated. Sides that would not fit an int are the
// largest int.
[[nodiscard]] Size rotated_size(Size frame, double degrees);

// All of a frame to all of the result.
[[nodiscard]] Plan plan_to_scale(Size frame, Size result);

// How the part `cut` of a stored frame becomes the result. Sizes of the result are unchecked, and
// the largest int where they would not fit one.
[[nodiscard]] Layout lay_out(const TransformSpec& spec, const Box& cut, Turn turn);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_GEOMETRY_H_
