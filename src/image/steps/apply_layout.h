// Applies a layout to the frames of a picture: cuts, turns, rotates and scales them.

#ifndef IMAGESERVER_IMAGE_STEPS_APPLY_LAYOUT_H_
#define IMAGESERVER_IMAGE_STEPS_APPLY_LAYOUT_H_

#include <optional>
#include <stop_token>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "image/steps/resize.h"
#include "params/transform_spec.h"

namespace imageserver {

// How the frames were loaded. Decoders may give them smaller than the layout expects.
struct LoadedFrames {
  Size stored;       // of a frame in the file: the layout was made for it
  double scale = 1;  // of the loaded frames, relative to `stored`
};

// Whether whole frames are read into memory, as their rows are read in any order, or many of them
// lie above those that are cut. Threads: any.
[[nodiscard]] bool holds_frames(const Layout& layout, const TransformSpec& spec);

// Applies one layout to the frames of one picture. Where a cut follows the pixels (smart_crop), the
// first frame decides it for all. Threads: one at a time. REQUIRES: layout and spec outlive it.
class LayoutApplier {
 public:
  // `ground` fills the corners that a rotation leaves empty. Without it they are transparent.
  LayoutApplier(const Layout& layout, const TransformSpec& spec, const LoadedFrames& loaded,
                const std::optional<Colour>& ground, std::stop_token stop);

  // Of size `layout.picture`, in sRGB or grey. Evaluates what must be in memory, and stops soon
  // after `stop` is requested; the rest is lazy. Throws vips::VError.
  [[nodiscard]] vips::VImage apply(const vips::VImage& frame);

 private:
  // Whether the resize reads rows in any order.
  [[nodiscard]] bool jumps() const;
  [[nodiscard]] vips::VImage reachable(const vips::VImage& frame) const;
  [[nodiscard]] vips::VImage turned_last(const vips::VImage& part);
  [[nodiscard]] bool converts_first(const vips::VImage& part) const;
  [[nodiscard]] vips::VImage converted(const vips::VImage& part) const;
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
