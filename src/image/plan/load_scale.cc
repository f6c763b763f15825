#include "image/plan/load_scale.h"

#include <algorithm>
#include <cmath>

#include "image/plan/convert_first.h"

namespace imageserver {
namespace {

double factor(const Axis& axis) { return static_cast<double>(axis.length) / axis.scaled; }

// By how much the plan shrinks the side that it shrinks less.
double common_shrink(const Plan& plan) { return std::min(factor(plan.x), factor(plan.y)); }

// Decoders round sides to whole pixels. At least so many are left of each, or the rounding would
// show; without a pixel there would be no picture.
constexpr int kFewestLeft = 8;

// By how much the cut may shrink.
double most_shrink(const Box& cut) {
  const auto shorter = static_cast<double>(std::min(cut.size.width, cut.size.height));
  return std::max(1.0, shorter / kFewestLeft);
}

// Whether the cut lies on whole pixels in a frame that is `step` times smaller.
bool divides(int step, const Box& cut, Size stored) {
  const auto ends_well = [step](int end, int side) { return end % step == 0 || end == side; };
  return cut.left % step == 0 && cut.top % step == 0 &&
         ends_well(cut.left + cut.size.width, stored.width) &&
         ends_well(cut.top + cut.size.height, stored.height);
}

double jpeg_step(double shrink, const Box& cut, Size stored) {
  for (const int step : {8, 4, 2}) {
    if (shrink >= step && divides(step, cut, stored)) return step;
  }
  return 1.0;
}

double shrink_on_load(const Header& header, const Layout& layout, const TransformSpec& spec) {
  // Decoders average, and not in linear light. Nearest neighbour must not average.
  if (spec.resampling == Resampling::kNearestNeighbor || spec.gamma_correction || spec.trim)
    return 1.0;
  if (header.is_dear && is_converted_first(layout.cut)) return 1.0;
  // Decoders average coarsely: a factor of 2 is left to the kernel that was asked for.
  const double shrink = std::min(common_shrink(layout.plan) / 2, most_shrink(layout.cut));
  if (shrink <= 1.0) return 1.0;
  if (header.type == FileType::kJpeg) return jpeg_step(shrink, layout.cut, header.stored);
  const bool whole = layout.cut == whole_of(header.stored);
  return header.type == FileType::kWebp && header.pages == 1 && whole ? shrink : 1.0;
}

// By how much the plan scales the side that it scales more.
double plan_scale(const Header& header, const Layout& layout) {
  const auto& [x, y] = layout.plan;
  const bool whole = layout.cut == whole_of(header.stored) && layout.rotation == 0 &&
                     Size{x.length, y.length} == header.stored;
  if (!whole || !header.natural)
    return 1 / std::min(common_shrink(layout.plan), most_shrink(layout.cut));
  return std::max(x.scaled / header.natural->width, y.scaled / header.natural->height);
}

double vector_scale(const Header& header, const Layout& layout, std::int64_t max_pixels) {
  const double wanted = plan_scale(header, layout);
  const double area = static_cast<double>(header.stored.width) * header.stored.height;
  return std::min(wanted, std::sqrt(static_cast<double>(max_pixels) / area));
}

}  // namespace

double load_scale(const Header& header, const Layout& layout, const TransformSpec& spec,
                  std::int64_t max_pixels) {
  if (is_vector(header.type)) return vector_scale(header, layout, max_pixels);
  return 1.0 / shrink_on_load(header, layout, spec);
}

}  // namespace imageserver
