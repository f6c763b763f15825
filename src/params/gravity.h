// Gravities as requests write them.

#ifndef IMAGESERVER_PARAMS_GRAVITY_H_
#define IMAGESERVER_PARAMS_GRAVITY_H_

#include <array>
#include <optional>
#include <string_view>

#include "params/choice.h"
#include "params/transform_spec.h"

namespace imageserver {

inline constexpr auto kPoints = std::to_array<Choice<Gravity>>({
    {"center", {.x = 0.5, .y = 0.5}},
    {"north", {.x = 0.5, .y = 0}},
    {"northeast", {.x = 1, .y = 0}},
    {"east", {.x = 1, .y = 0.5}},
    {"southeast", {.x = 1, .y = 1}},
    {"south", {.x = 0.5, .y = 1}},
    {"southwest", {.x = 0, .y = 1}},
    {"west", {.x = 0, .y = 0.5}},
    {"northwest", {.x = 0, .y = 0}},
});

// The points, and the gravities that are found by looking at the picture.
inline constexpr auto kGravities = [] {
  std::array<Choice<Gravity>, kPoints.size() + 2> all;
  auto* const rest = std::ranges::copy(kPoints, all.begin()).out;
  rest[0] = {"smart", {.kind = Gravity::Kind::kSmart}};
  rest[1] = {"entropy", {.kind = Gravity::Kind::kEntropy}};
  return all;
}();

// `fp:x,y` with x and y from 0 to 1; none for anything else. Threads: any.
[[nodiscard]] std::optional<Gravity> parse_focal_point(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_GRAVITY_H_
