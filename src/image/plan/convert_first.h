// Whether colours are converted before they are mixed, where conversion is dear. Threads: any.

#ifndef IMAGESERVER_IMAGE_PLAN_CONVERT_FIRST_H_
#define IMAGESERVER_IMAGE_PLAN_CONVERT_FIRST_H_

#include "image/plan/geometry.h"

namespace imageserver {

// Whether the part of a frame that is cut is converted as it is: up to 16 megapixels, which takes
// less than two seconds. What is larger is first made smaller, down to twice the result: then lines
// of a pixel in black and white CMYK come out 16 levels too light or too dark.
[[nodiscard]] inline bool is_converted_first(const Box& cut) {
  constexpr std::int64_t kMostPixels = 16'000'000;
  return area(cut.size) <= kMostPixels;
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_CONVERT_FIRST_H_
