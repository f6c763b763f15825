// Lays a result out: its size, and which part of a frame becomes it, in whole pixels. Knows no
// pixels' values, and no libvips. Threads: any.

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

// One of the eight ways to turn and flip a rectangle, as EXIF's orientations number them. Every
// series of quarter turns and flips is one of them.
class Turn {
 public:
  Turn() = default;

  // An orientation as EXIF counts them; anything but 1 to 8 turns nothing.
  explicit Turn(int exif) : exif_(exif >= 1 && exif <= 8 ? exif : 1) {}

  explicit Turn(Flip flip);

  // That many quarter turns, counter-clockwise.
  [[nodiscard]] static Turn quarters(int times);

  // This turn, followed by `next`.
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

// How one side is cut, scaled, and cut again; in pixels.
struct Axis {
  int side = 0;    // of the source
  int start = 0;   // of the part of it that is scaled
  int length = 0;  // of that part
  int scaled = 0;  // length of that part once it is scaled
  int offset = 0;  // of what stays of that
  int size = 0;    // of what stays: the side of the result

  friend bool operator==(const Axis&, const Axis&) = default;
};

struct Plan {
  Axis x;
  Axis y;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// How a frame becomes the result, step by step.
struct Layout {
  Box cut;              // the part of the stored frame that is used
  Turn turn;            // done before the rotation; without a rotation, after the plan
  double rotation = 0;  // degrees counter-clockwise; never quarter turns, which are in `turn`
  Size frame;           // after cut, turn and rotation, as it is seen
  Plan plan;            // scales and cuts; without a rotation, the frame before its turn

  // The size of a cut whose place follows the pixels (smart_crop): of the picture after scaling, or
  // before it where the scaled picture would be larger than its source.
  std::optional<Size> interest_before;
  std::optional<Size> interest_after;

  Size picture;  // after all of the above
  Box canvas;    // where the picture lies in the result, and the size of the result
};

// Lengths in pixels of the result: what the parameter says, times `dpr`, rounded. A length that is
// asked for is at least 1.
[[nodiscard]] Size asked_size(const TransformSpec& spec);
[[nodiscard]] int scaled_length(int length, const TransformSpec& spec);

// The quarter turns, flips and the orientation of `spec`, as one.
[[nodiscard]] Turn turn_of(const TransformSpec& spec, int orientation);

// The part of a stored frame that `spec.crop` leaves. kInvalidParam if it leaves nothing.
// REQUIRES: both sides are positive. The same holds below.
[[nodiscard]] Result<Box> cut_of(const TransformSpec& spec, Size stored, int orientation);

// The smallest upright box around a rotated frame. A side that does not fit an int is the largest
// int.
[[nodiscard]] Size rotated_size(Size frame, double degrees);

// The plan that scales all of a frame to all of the result.
[[nodiscard]] Plan plan_to_scale(Size frame, Size result);

// How the part `cut` of a stored frame becomes the result. Sizes of the result are not checked
// (check_layout() does that); one that does not fit an int is the largest int. A drawing is known
// before its sides are rounded, as `natural`: where all of it is laid out, and not rotated, the
// result has its very proportions.
[[nodiscard]] Layout lay_out(const TransformSpec& spec, const Box& cut, Turn turn,
                             const std::optional<RealSize>& natural = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_GEOMETRY_H_
