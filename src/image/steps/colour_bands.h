// A colour of a request as libvips takes it.

#ifndef IMAGESERVER_IMAGE_STEPS_COLOUR_BANDS_H_
#define IMAGESERVER_IMAGE_STEPS_COLOUR_BANDS_H_

#include <vector>

#include "params/transform_spec.h"

namespace imageserver {

// Red, green and blue. Threads: any.
[[nodiscard]] inline std::vector<double> bands_of(const Colour& colour) {
  return {static_cast<double>(colour.red), static_cast<double>(colour.green),
          static_cast<double>(colour.blue)};
}

// Threads: any.
[[nodiscard]] inline bool is_grey(const Colour& colour) {
  return colour.red == colour.green && colour.green == colour.blue;
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_COLOUR_BANDS_H_
