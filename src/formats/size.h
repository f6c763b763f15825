// The size of a picture, in pixels.

#ifndef IMAGESERVER_FORMATS_SIZE_H_
#define IMAGESERVER_FORMATS_SIZE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace imageserver {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

// Of a drawing, before it is rounded to whole pixels.
struct RealSize {
  double width = 0;
  double height = 0;

  friend bool operator==(const RealSize&, const RealSize&) = default;
};

// A drawing with a shorter side is refused: what is computed of it by its proportions would lose
// all precision.
inline constexpr double kShortestNaturalSide = 0.001;

// No side is below 1. REQUIRES: sides that fit an int.
[[nodiscard]] inline Size rounded(const RealSize& size) {
  const auto side = [](double length) {
    return std::max(1, static_cast<int>(std::lround(length)));
  };
  return {side(size.width), side(size.height)};
}

[[nodiscard]] constexpr std::int64_t area(Size size) {
  return std::int64_t{size.width} * size.height;
}

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SIZE_H_
