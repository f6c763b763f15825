#include "image/steps/effect_table.h"

#include <algorithm>
#include <array>

#include "image/steps/alpha.h"
#include "image/steps/blur.h"
#include "image/steps/pad.h"
#include "image/steps/pixelate.h"
#include "image/steps/round_corners.h"
#include "image/steps/sharpen.h"
#include "image/steps/tone.h"
#include "image/steps/watermark.h"

namespace imageserver {
namespace {

using vips::VImage;

double scaled_sigma(double sigma, const TransformSpec& spec) {
  return std::min(sigma * spec.dpr, kMostBlur);
}

// Of a step that computes little; and of one that looks at as many pixels as `sigma` makes it.
double little_work(const TransformSpec& /*spec*/) { return 5; }
double work_of_sigma(double sigma, const TransformSpec& spec) {
  return 4 * (1 + scaled_sigma(sigma, spec));
}

constexpr auto kSteps = std::to_array<Step>({
    {.name = "pixelate",
     .is_asked = [](const TransformSpec& spec, const Layout&) { return spec.pixelate > 0; },
     .reads_around = true,
     .is_effect = true,
     .work = little_work,
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return pixelated(picture, scaled_length(context.spec.pixelate, context.spec));
         }},
    {.name = "blur",
     .is_asked = [](const TransformSpec& spec, const Layout&) { return spec.blur > 0; },
     .reads_around = true,
     .is_effect = true,
     .work = [](const TransformSpec& spec) { return work_of_sigma(spec.blur, spec); },
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return blurred(picture, scaled_sigma(context.spec.blur, context.spec));
         }},
    {.name = "sharpen",
     .is_asked = [](const TransformSpec& spec, const Layout&) { return spec.sharpen > 0; },
     .reads_around = true,
     .is_effect = true,
     .work = [](const TransformSpec& spec) { return work_of_sigma(spec.sharpen, spec); },
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return sharpened(picture, scaled_sigma(context.spec.sharpen, context.spec));
         }},
    {.name = "tone",
     .is_asked = [](const TransformSpec& spec, const Layout&) { return changes_tone(spec); },
     .reads_around = false,
     .is_effect = true,
     .work = little_work,
     .apply = [](const VImage& picture,
                 const StepContext& context) { return toned(picture, context.spec); }},
    {.name = "pad",
     .is_asked = [](const TransformSpec&,
                    const Layout& layout) { return layout.canvas.size != layout.picture; },
     .reads_around = true,
     .is_effect = false,
     .work = little_work,
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return padded(picture, context.layout.canvas, context.ground);
         }},
    {.name = "watermark",
     .is_asked = [](const TransformSpec& spec,
                    const Layout&) { return spec.watermark.has_value(); },
     .reads_around = true,
     .is_effect = false,
     .work = little_work,
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return marked(picture, *context.watermark, *context.spec.watermark);
         }},
    {.name = "round corners",
     .is_asked = [](const TransformSpec& spec, const Layout&) { return spec.radius > 0; },
     .reads_around = true,
     .is_effect = false,
     .work = little_work,
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return rounded(picture, scaled_length(context.spec.radius, context.spec));
         }},
    {.name = "background",
     .is_asked = [](const TransformSpec& spec,
                    const Layout&) { return spec.background.has_value(); },
     .reads_around = false,
     .is_effect = false,
     .work = little_work,
     .apply =
         [](const VImage& picture, const StepContext& context) {
           return laid_on(picture, *context.spec.background);
         }},
});

}  // namespace

std::span<const Step> steps() { return kSteps; }

bool needs_memory(const TransformSpec& spec, const Layout& layout) {
  return std::ranges::any_of(
      kSteps, [&](const Step& step) { return step.reads_around && step.is_asked(spec, layout); });
}

bool has_effects(const TransformSpec& spec, const Layout& layout) {
  return std::ranges::any_of(
      kSteps, [&](const Step& step) { return step.is_effect && step.is_asked(spec, layout); });
}

VImage apply_steps(const VImage& picture, const StepContext& context) {
  VImage result = picture;
  for (const Step& step : kSteps) {
    if (step.is_asked(context.spec, context.layout)) result = step.apply(result, context);
  }
  return result;
}

}  // namespace imageserver
