// Sizes and cuts, in whole pixels and without a word of libvips: what size the result has, and
// which part of a frame becomes it.

#ifndef IMAGESERVER_IMAGE_GEOMETRY_H_
#define IMAGESERVER_IMAGE_GEOMETRY_H_

#include "imageserver/params.h"

namespace imageserver {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

[[nodiscard]] Size transposed(Size size);

// The size of the result for a frame of that size. A free side keeps the frame's proportions. A
// side is never below 1, and one that would not fit an int is the largest int. REQUIRES: both sides
// of `frame` are positive.
[[nodiscard]] Size result_size(Size frame, const TransformSpec& spec);

// What happens along one side: the pixels [start, start + length) are scaled to `scaled`, and of
// those [offset, offset + size) are the result.
struct Axis {
  int start = 0;
  int length = 0;
  int scaled = 0;
  int offset = 0;
  int size = 0;

  friend bool operator==(const Axis&, const Axis&) = default;
};

// Invariant: no `scaled` is larger than the side of the frame or the result plus a bounded number
// of source pixels, however extreme the proportions.
struct Plan {
  Axis x;
  Axis y;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// How a frame becomes a result of that size: scaled, and for kFill cut in the middle.
// REQUIRES: every side is positive; `result` is within kMaxOutputSide.
[[nodiscard]] Plan make_plan(Size frame, Size result, Mode mode);

// An orientation as EXIF counts them, 1 to 8.
[[nodiscard]] bool swaps_sides(int orientation);

// The same plan for a frame as it is stored, if it was made for the frame as it is seen: the
// orientation is then applied to the result. `stored` is the frame's stored size.
[[nodiscard]] Plan as_stored(const Plan& upright, Size stored, int orientation);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_GEOMETRY_H_
