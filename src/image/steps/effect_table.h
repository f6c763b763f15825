// The table of steps that a picture passes once it has its shape and is in sRGB.

#ifndef IMAGESERVER_IMAGE_STEPS_EFFECT_TABLE_H_
#define IMAGESERVER_IMAGE_STEPS_EFFECT_TABLE_H_

#include <optional>
#include <span>
#include <string_view>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// The request and the other values that steps use. Holds references. REQUIRES: what they refer to
// outlives it; there is a watermark if `spec` names one.
struct StepContext {
  const TransformSpec& spec;
  const Layout& layout;
  const std::optional<Colour>& ground;  // opaque; lies around and behind the picture
  const std::optional<vips::VImage>& watermark;
};

// A row of the table.
struct Step {
  std::string_view name;

  bool (*is_asked)(const TransformSpec& spec, const Layout& layout);

  // Whether it reads rows of its picture more than once, or not from top to bottom. The picture
  // must be in memory then.
  bool reads_around;

  // Whether it changes the colours of the picture, but never those of the ground. The ground of a
  // rotated picture is then laid after it.
  bool is_effect;

  // For each pixel of the picture (image/work.h). REQUIRES: is_asked.
  double (*work)(const TransformSpec& spec);

  // Takes and returns 8 bits a band, sRGB or grey. Lazy. Throws vips::VError. REQUIRES: is_asked.
  vips::VImage (*apply)(const vips::VImage& picture, const StepContext& context);
};

// All steps, in the order in which they are done. Threads: any. The same holds below.
[[nodiscard]] std::span<const Step> steps();

// Whether the picture must be in memory, as a step that is asked for reads around.
[[nodiscard]] bool needs_memory(const TransformSpec& spec, const Layout& layout);

// Whether a step that is asked for is an effect.
[[nodiscard]] bool has_effects(const TransformSpec& spec, const Layout& layout);

// The picture after every step that is asked for. Lazy. Throws vips::VError. REQUIRES: 8 bits a
// band, sRGB or grey, of size `context.layout.picture`; in memory if needs_memory().
[[nodiscard]] vips::VImage apply_steps(const vips::VImage& picture, const StepContext& context);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_EFFECT_TABLE_H_
