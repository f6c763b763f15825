// Where pixels end up: cut, turned, rotated and scaled as a layout says.

#ifndef IMAGESERVER_IMAGE_STEPS_APPLY_LAYOUT_H_
#define IMAGESERVER_IMAGE_STEPS_APPLY_LAYOUT_H_

#include <optional>
#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "image/steps/resize.h"
#include "params/transform_spec.h"

namespace imageserver {

// How the frames it gets differ from those the layout was made for.
struct LoadedFrames {
  Size stored;       // what the layout was made for
  double scale = 1;  // of the frames as they were loaded
};

// The frames of one picture, one after the other: the first says where a cut that follows the
// pixels lies, for all. Not for several threads at once. REQUIRES: layout and spec outlive it.
class Arrangement {
 public:
  // `ground` is what shows where a rotated picture is not; none: it is transparent there.
  Arrangement(const Layout& layout, const TransformSpec& spec, const LoadedFrames& loaded,
              const std::optional<Colour>& ground, std::stop_token stop);

  // Of size `layout.picture`. Evaluates what must be in memory, and stops soon after `stop` is
  // requested; the rest is lazy. Throws vips::VError.
  [[nodiscard]] vips::VImage of(const vips::VImage& frame);

 private:
  // Whether pixels are taken here and there, and not row by row.
  [[nodiscard]] bool jumps() const;
  [[nodiscard]] vips::VImage reachable(const vips::VImage& frame) const;
  [[nodiscard]] vips::VImage turned_last(const vips::VImage& part);
  [[nodiscard]] vips::VImage rotated_first(const vips::VImage& part);
  [[nodiscard]] vips::VImage rotated_on_ground(const vips::VImage& upright);
  [[nodiscard]] vips::VImage rotated_transparently(const vips::VImage& upright);
  [[nodiscard]] vips::VImage rotated_and_weighed(const vips::VImage& upright) const;
  [[nodiscard]] vips::VImage not_much_larger(const vips::VImage& part) const;
  [[nodiscard]] vips::VImage scaled(const vips::VImage& image, Averaged averaged);
  [[nodiscard]] vips::VImage interesting(const vips::VImage& image, const std::optional<Size>& size,
                                         std::optional<Box>& found) const;

  const Layout& layout_;
  const TransformSpec& spec_;
  const LoadedFrames loaded_;
  const std::optional<Colour> ground_;
  const std::stop_token stop_;
  std::optional<Box> before_;
  std::optional<Box> after_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_APPLY_LAYOUT_H_
