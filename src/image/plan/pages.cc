#include "image/plan/pages.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "params/invalid_param.h"
#include "params/names.h"

namespace imageserver {
namespace {

// Whether the file is an animation, and is read as one: it is, unless a format is asked for that
// cannot move. `format=auto` counts as a format that can.
bool stays_animation(const TransformSpec& spec, const Header& header) {
  return can_move(header.type) && (!spec.format || can_move(*spec.format));
}

int frames_asked(const TransformSpec& spec, int from_first_on) {
  const int all = spec.page ? 1 : from_first_on;
  return std::min(spec.frames.value_or(all), from_first_on);
}

// The decoder composes the frames before the first as well, in one call that cannot be stopped.
bool takes_too_long(const Header& header, int first, const ImageLimits& limits) {
  constexpr std::int64_t kMostSkipped = 10;
  const std::int64_t frame = std::max<std::int64_t>(area(header.stored), 1);
  return can_move(header.type) && first > kMostSkipped * limits.max_pixels / frame;
}

}  // namespace

Result<PageChoice> choose_pages(const TransformSpec& spec, const Header& header,
                                const ImageLimits& limits) {
  const int first = spec.page.value_or(0);
  if (first >= header.pages) {
    return invalid_param(names::kPage, "must be below the number of frames or pages, which is " +
                                           std::to_string(header.pages));
  }
  if (takes_too_long(header, first, limits)) {
    return invalid_param(names::kPage, "is too far into an animation of this size");
  }
  const int asked = stays_animation(spec, header) ? frames_asked(spec, header.pages - first) : 1;
  const int read = std::min(asked, limits.max_frames);
  return PageChoice{{first, read},
                    {static_cast<std::uint32_t>(read), static_cast<std::uint32_t>(asked)}};
}

}  // namespace imageserver
